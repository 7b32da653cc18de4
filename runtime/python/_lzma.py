"""The compressor and decompressor of `lzma`, over liblzma in the guest."""

import operator

import _eryx_codecs
from _eryx.codec import Compressor, Decompressor
from _eryx_codecs import LZMAError

FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW = range(4)

CHECK_NONE = 0
CHECK_CRC32 = 1
CHECK_CRC64 = 4
CHECK_SHA256 = 10
CHECK_ID_MAX = 15
CHECK_UNKNOWN = 16

FILTER_LZMA1 = 0x4000000000000001
FILTER_LZMA2 = 0x21
FILTER_DELTA = 0x03
FILTER_X86 = 0x04
FILTER_POWERPC = 0x05
FILTER_IA64 = 0x06
FILTER_ARM = 0x07
FILTER_ARMTHUMB = 0x08
FILTER_SPARC = 0x09

MF_HC3 = 0x03
MF_HC4 = 0x04
MF_BT2 = 0x12
MF_BT3 = 0x13
MF_BT4 = 0x14

MODE_FAST = 1
MODE_NORMAL = 2

PRESET_DEFAULT = 6
PRESET_EXTREME = 1 << 31

_MOST_FILTERS = 4

# In the order in which the guest reads them.
_LZMA_OPTIONS = ("dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth")
_BRANCH_FILTERS = (FILTER_X86, FILTER_POWERPC, FILTER_IA64, FILTER_ARM, FILTER_ARMTHUMB, FILTER_SPARC)

__all__ = [
    "LZMACompressor",
    "LZMADecompressor",
    "LZMAError",
    "is_check_supported",
    *(name for name in globals() if name.startswith(("FORMAT_", "CHECK_", "FILTER_", "MF_", "MODE_", "PRESET_"))),
]


def _uint32(value):
    number = operator.index(value)
    if number < 0:
        raise ValueError("Value must be non-negative")
    if number >= 1 << 32:
        raise OverflowError("Value too large for uint32_t type")
    return number


def _numbers(spec):
    """A filter as the guest reads it: its id, and the numbers of its options."""
    try:
        items = dict(spec.items())
    except AttributeError:
        raise TypeError("Filter specifier must be a dict or dict-like object") from None
    if "id" not in items:
        raise ValueError('Filter specifier must have an "id" entry')
    id = operator.index(items.pop("id"))
    if id in (FILTER_LZMA1, FILTER_LZMA2):
        kind, allowed = "LZMA", ("preset", *_LZMA_OPTIONS)
    elif id == FILTER_DELTA:
        kind, allowed = "delta", ("dist",)
    elif id in _BRANCH_FILTERS:
        kind, allowed = "BCJ", ("start_offset",)
    else:
        raise ValueError(f"Invalid filter ID: {id}")
    given = {name: _uint32(value) for name, value in items.items() if name in allowed}
    if len(given) != len(items):
        raise ValueError(f"Invalid filter specifier for {kind} filter")
    if kind == "LZMA":
        return id, given.get("preset", PRESET_DEFAULT), *(given.get(name, -1) for name in _LZMA_OPTIONS)
    return id, given.get("dist", 1) if kind == "delta" else given.get("start_offset", 0)


def _chain(filters):
    if isinstance(filters, dict) or not hasattr(type(filters), "__getitem__"):
        raise TypeError("filters must be a sequence of filters")
    if len(filters) > _MOST_FILTERS:
        raise ValueError(f"Too many filters - liblzma supports a maximum of {_MOST_FILTERS}")
    return tuple(_numbers(filters[index]) for index in range(len(filters)))


def _encode_filter_properties(filter, /):
    """The options of a filter as the header of a stream holds them."""
    return _eryx_codecs.xz_properties(_numbers(filter))


def _decode_filter_properties(filter_id, encoded_props, /):
    """The filter of an id with the options that the header of a stream holds."""
    options = _eryx_codecs.xz_options(filter_id, encoded_props)
    if filter_id in (FILTER_LZMA1, FILTER_LZMA2):
        names = _LZMA_OPTIONS
    else:
        names = ("dist",) if filter_id == FILTER_DELTA else ("start_offset",)
    return {"id": filter_id, **dict(zip(names, options))}


def is_check_supported(check_id, /):
    """Whether an integrity check is known."""
    return _eryx_codecs.xz_check_is_supported(check_id)


class LZMACompressor(Compressor):
    """Compresses bytes bit by bit.

    *format* is that of the container, *check* the integrity check, which only FORMAT_XZ has. How well
    it compresses is a *preset* or a chain of *filters*.
    """

    __slots__ = ()

    _run, _finish = _eryx_codecs.LZMA_RUN, _eryx_codecs.LZMA_FINISH

    def __new__(cls, format=FORMAT_XZ, check=-1, preset=None, filters=None):
        self = super().__new__(cls)
        format = operator.index(format)
        check = operator.index(check)
        if preset is not None and filters is not None:
            raise ValueError("Cannot specify both preset and filter chain")
        preset = PRESET_DEFAULT if preset is None else _uint32(preset)
        if format != FORMAT_XZ and check not in (-1, CHECK_NONE):
            raise ValueError("Integrity checks are only supported by FORMAT_XZ")
        if format not in (FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW):
            raise ValueError(f"Invalid container format: {format}")
        if format == FORMAT_RAW and filters is None:
            raise ValueError("Must specify filters for FORMAT_RAW")
        if check == -1:
            check = CHECK_CRC64
        chain = None if filters is None else _chain(filters)
        self._stream = _eryx_codecs.xz_encoder(format, check, preset, chain)
        self._flushed = False
        return self


class LZMADecompressor(Decompressor):
    """Decompresses one stream bit by bit.

    *format* is that of the container, *memlimit* how many bytes of memory may be taken, *filters* the
    chain of FORMAT_RAW.
    """

    __slots__ = ()

    _at_end = "Already at end of stream"

    def __new__(cls, format=FORMAT_AUTO, memlimit=None, filters=None):
        self = super().__new__(cls)
        format = operator.index(format)
        if memlimit is not None and format == FORMAT_RAW:
            raise ValueError("Cannot specify memory limit with FORMAT_RAW")
        if format == FORMAT_RAW and filters is None:
            raise ValueError("Must specify filters for FORMAT_RAW")
        if format != FORMAT_RAW and filters is not None:
            raise ValueError("Cannot specify filters except with FORMAT_RAW")
        if format not in (FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW):
            raise ValueError(f"Invalid container format: {format}")
        most = (1 << 64) - 1 if memlimit is None else operator.index(memlimit)
        if not 0 <= most < 1 << 64:
            raise OverflowError("memlimit is out of range")
        chain = None if filters is None else _chain(filters)
        self._begin(_eryx_codecs.xz_decoder(format, most, chain))
        return self

    @property
    def check(self):
        """The integrity check of the stream, CHECK_UNKNOWN before it is known."""
        return _eryx_codecs.xz_check(self._stream)
