"""What the compressors and decompressors of ``_bz2``, ``_lzma`` and ``_zstd`` share.

``_eryx_codecs`` moves bytes through a stream; the classes keep what is between two calls. This file
knows of no format.
"""

import _eryx_codecs


class Codec:
    """An object with a stream, which can not be copied or pickled."""

    __slots__ = ("_stream",)

    def __reduce_ex__(self, protocol):
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        raise TypeError(f"cannot pickle {name!r} object")


class Compressor(Codec):
    """The common half of compressors whose stream ends once."""

    __slots__ = ("_flushed",)

    # What the library calls going on and ending.
    _run = _finish = None

    def compress(self, data, /):
        """Take bytes and return what comes out of the compressor, which can be nothing yet."""
        if self._flushed:
            raise ValueError("Compressor has been flushed")
        return _eryx_codecs.run(self._stream, data, 0, -1, self._run)[0]

    def flush(self):
        """End the stream and return the last of it."""
        if self._flushed:
            raise ValueError("Repeated call to flush()")
        self._flushed = True
        return _eryx_codecs.run(self._stream, b"", 0, -1, self._finish)[0]


class Decompressor(Codec):
    """The common half of decompressors: what was not decompressed yet, and what came after the end."""

    __slots__ = ("_eof", "_failed", "_needs_input", "_rest", "_unused_data")

    # What is said when there is more to decompress after the end.
    _at_end = "End of stream already reached"

    # Whether the library must not be called again after an error.
    _ends_with_error = False

    def _begin(self, stream):
        self._stream = stream
        self._rest = b""
        self._unused_data = b""
        self._eof = self._failed = False
        self._needs_input = True

    @property
    def eof(self):
        """Whether the end of the stream was reached."""
        return self._eof

    @property
    def needs_input(self):
        """Whether nothing more comes out without more input."""
        return self._needs_input

    @property
    def unused_data(self):
        """What came after the end of the stream."""
        return self._unused_data

    def decompress(self, data, max_length=-1):
        """Take compressed bytes and return what comes out, at most *max_length* bytes unless that is
        negative. What was not used of the input is kept for the next call."""
        if self._eof:
            raise EOFError(self._at_end)
        if self._failed:
            raise ValueError("the decompressor is unusable after a previous error")
        if self._rest:
            with memoryview(data) as view:
                data = self._rest + view.cast("B")
        try:
            output, used, done, full = _eryx_codecs.run(self._stream, data, 0, max_length, 0)
        except BaseException:
            self._needs_input = False
            self._failed = self._ends_with_error
            raise
        with memoryview(data) as view:
            rest = bytes(view.cast("B")[used:]) if used < view.nbytes else b""
        self._eof = done
        if done:
            self._rest, self._unused_data = b"", rest
            self._needs_input = False
        else:
            self._rest = rest
            self._needs_input = not rest and not full
        return output
