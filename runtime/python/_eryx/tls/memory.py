"""Buffers between a program and TLS. They work, though nothing but the program uses them."""

from _eryx.tls.errors import failed


class MemoryBIO:
    """A buffer that bytes are written to at one end and read from at the other."""

    __module__ = "_ssl"

    def __init__(self):
        self._buffer = bytearray()
        self._ended = False

    @property
    def pending(self):
        """The number of bytes that can be read."""
        return len(self._buffer)

    @property
    def eof(self):
        """Whether all was read, and no more will be written."""
        return self._ended and not self._buffer

    def read(self, size=-1, /):
        """Takes up to `size` bytes out of the buffer, or all."""
        if size < 0 or size > len(self._buffer):
            size = len(self._buffer)
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def write(self, b, /):
        """Puts bytes into the buffer. Returns their number."""
        if self._ended:
            raise failed("cannot write() after write_eof()")
        with memoryview(b) as view:
            self._buffer += view
            return view.nbytes

    def write_eof(self):
        """Says that no more will be written."""
        self._ended = True
