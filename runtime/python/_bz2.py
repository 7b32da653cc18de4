"""The compressor and decompressor of `bz2`, over libbzip2 in the guest."""

import _eryx_codecs
from _eryx.codec import Compressor, Decompressor

__all__ = ["BZ2Compressor", "BZ2Decompressor"]


class BZ2Compressor(Compressor):
    """Compresses bytes bit by bit, with a level from 1 to 9."""

    __slots__ = ()

    _run, _finish = _eryx_codecs.BZ_RUN, _eryx_codecs.BZ_FINISH

    def __new__(cls, compresslevel=9, /):
        self = super().__new__(cls)
        if not 1 <= compresslevel <= 9:
            raise ValueError("compresslevel must be between 1 and 9")
        self._stream = _eryx_codecs.bzip2_compressor(compresslevel)
        self._flushed = False
        return self


class BZ2Decompressor(Decompressor):
    """Decompresses one stream bit by bit."""

    __slots__ = ()

    _ends_with_error = True

    def __new__(cls):
        self = super().__new__(cls)
        self._begin(_eryx_codecs.bzip2_decompressor())
        return self
