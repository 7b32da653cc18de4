"""The compressor and decompressor of `bz2`, over libbzip2 in the guest."""

import _eryx_codecs
from _eryx.codec import Codec, Decompressor

__all__ = ["BZ2Compressor", "BZ2Decompressor"]


class BZ2Compressor(Codec):
    """Compresses bytes bit by bit, with a level from 1 to 9."""

    __slots__ = ("_flushed",)

    def __new__(cls, compresslevel=9, /):
        self = super().__new__(cls)
        if not 1 <= compresslevel <= 9:
            raise ValueError("compresslevel must be between 1 and 9")
        self._stream = _eryx_codecs.bzip2_compressor(compresslevel)
        self._flushed = False
        return self

    def compress(self, data, /):
        """Take bytes and return what comes out of the compressor, which can be nothing yet."""
        if self._flushed:
            raise ValueError("Compressor has been flushed")
        return _eryx_codecs.run(self._stream, data, 0, -1, _eryx_codecs.BZ_RUN)[0]

    def flush(self):
        """End the stream and return the last of it."""
        if self._flushed:
            raise ValueError("Repeated call to flush()")
        self._flushed = True
        return _eryx_codecs.run(self._stream, b"", 0, -1, _eryx_codecs.BZ_FINISH)[0]


class BZ2Decompressor(Decompressor):
    """Decompresses one stream bit by bit."""

    __slots__ = ()

    _ends_with_error = True

    def __new__(cls):
        self = super().__new__(cls)
        self._begin(_eryx_codecs.bzip2_decompressor())
        return self
