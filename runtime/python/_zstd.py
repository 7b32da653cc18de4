"""The classes and functions of `compression.zstd`, over libzstd in the guest."""

import operator

import _eryx_codecs
from _eryx.codec import Codec, Decompressor
from _eryx_codecs import ZstdError
from _eryx_codecs import zstandard_frame_info as get_frame_info
from _eryx_codecs import zstandard_frame_size as get_frame_size
from _eryx_codecs import zstandard_version as zstd_version

globals().update(
    (name, value)
    for name, value in vars(_eryx_codecs).items()
    if name.startswith(("ZSTD_", "zstd_"))
)

_DIGESTED, _UNDIGESTED, _PREFIX = range(3)

_UNKNOWN_SIZE = (1 << 64) - 1

# The classes whose members name parameters, and the names of all parameters, for messages.
_parameter_types = (None, None)
_names = {
    is_compressor: {
        value: name[len(prefix) :]
        for name, value in vars(_eryx_codecs).items()
        if name.startswith(prefix)
    }
    for is_compressor, prefix in ((True, "ZSTD_c_"), (False, "ZSTD_d_"))
}


def set_parameter_types(c_parameter_type, d_parameter_type):
    """Say which classes name the parameters of compression and decompression."""
    global _parameter_types
    if not isinstance(c_parameter_type, type) or not isinstance(d_parameter_type, type):
        raise ValueError("CompressionParameter and DecompressionParameter must be types")
    _parameter_types = (c_parameter_type, d_parameter_type)


def get_param_bounds(parameter, is_compress):
    """The lowest and the highest value of a parameter."""
    return _eryx_codecs.zstandard_bounds(is_compress, parameter)


def _kind(is_compressor):
    return "compression" if is_compressor else "decompression"


def _parameter_name(parameter, is_compressor):
    own = _parameter_types[not is_compressor]
    try:
        return own(parameter).name
    except (TypeError, ValueError):
        name = _names[is_compressor].get(parameter)
        return name or f"unknown parameter (key {parameter})"


def _set_options(stream, options, is_compressor):
    """Sets the parameters of a stream. Returns the compression level among them, if there is one."""
    if not isinstance(options, dict):
        raise TypeError(
            f"{type(stream).__name__}() argument 'options' must be dict, not {type(options).__name__}"
        )
    kind = _kind(is_compressor)
    foreign = _parameter_types[is_compressor]
    level = None
    for key, value in options.items():
        if foreign is not None and isinstance(key, foreign):
            raise TypeError(f"{kind} options dictionary key must not be a {foreign.__name__} attribute")
        if not isinstance(key, int):
            raise TypeError(f"{kind} options dictionary key must be an int")
        if not isinstance(value, int):
            raise TypeError(f"{kind} options dictionary value must be an int")
        if not -(1 << 31) <= key < 1 << 31:
            raise OverflowError("dictionary key out of range")
        if not -(1 << 31) <= value < 1 << 31:
            raise OverflowError("dictionary value out of range")
        _set_parameter(stream, is_compressor, key, value)
        if is_compressor and key == _eryx_codecs.ZSTD_c_compressionLevel:
            level = int(value)
    return level


def _set_parameter(stream, is_compressor, parameter, value):
    kind = _kind(is_compressor)
    name = _parameter_name(parameter, is_compressor)
    try:
        lower, upper = get_param_bounds(parameter, is_compressor)
    except ZstdError:
        raise ValueError(f"invalid {kind} parameter '{name}'") from None
    # The library takes any level and moves it into the range.
    is_level = is_compressor and parameter == _eryx_codecs.ZSTD_c_compressionLevel
    try:
        if is_level and not lower <= value <= upper:
            raise ZstdError
        _eryx_codecs.zstandard_set(stream, is_compressor, parameter, value)
    except ZstdError:
        raise ValueError(
            f"{kind} parameter '{name}' received an illegal value {int(value)}; "
            f"the valid range is [{lower}, {upper}]"
        ) from None


def _set_level(stream, level):
    if not isinstance(level, int):
        raise TypeError(f"invalid type for level, expected int, not {type(level).__name__}")
    lower, upper = get_param_bounds(_eryx_codecs.ZSTD_c_compressionLevel, True)
    if not lower <= level <= upper:
        shown = f" {int(level)}" if -(1 << 31) <= level < 1 << 31 else ""
        raise ValueError(f"illegal compression level{shown}; the valid range is [{lower}, {upper}]")
    _eryx_codecs.zstandard_set(stream, True, _eryx_codecs.ZSTD_c_compressionLevel, int(level))
    return int(level)


def _use_dictionary(stream, zstd_dict, is_compressor, level=None):
    """Makes a stream use a dictionary, in the way that goes with it or the one that was chosen."""
    if isinstance(zstd_dict, ZstdDict):
        # A dictionary that is not digested leaves the parameters of compression as they were set.
        chosen = (zstd_dict, _UNDIGESTED if is_compressor else _DIGESTED)
    else:
        chosen = zstd_dict
    is_pair = isinstance(chosen, tuple) and len(chosen) == 2
    if not is_pair or not isinstance(chosen[0], ZstdDict) or not isinstance(chosen[1], int):
        raise TypeError("zstd_dict argument should be a ZstdDict object.")
    dictionary, kind = chosen
    if not -(1 << 31) <= kind < 1 << 31:
        raise OverflowError("the kind of a dictionary is out of range")
    if kind not in (_DIGESTED, _UNDIGESTED, _PREFIX):
        raise TypeError("zstd_dict argument should be a ZstdDict object.")
    content = dictionary.dict_content
    if kind == _DIGESTED:
        content = dictionary._digest(is_compressor, ZSTD_CLEVEL_DEFAULT if level is None else level)  # noqa: F821
    _eryx_codecs.zstandard_use(stream, is_compressor, kind, content)


class ZstdDict:
    """A dictionary: one of the format, or any bytes when *is_raw* is true."""

    __slots__ = ("_content", "_digested", "_id")

    def __new__(cls, dict_content, /, *, is_raw=False):
        self = super().__new__(cls)
        with memoryview(dict_content) as view:
            self._content = bytes(view)
        if len(self._content) < 8:
            raise ValueError("Zstandard dictionary content too short (must have at least eight bytes)")
        self._id = _eryx_codecs.zstandard_dictionary_id(self._content)
        if not is_raw and self._id == 0:
            raise ValueError("invalid Zstandard dictionary")
        self._digested = {}
        return self

    @property
    def dict_content(self):
        """The bytes of the dictionary."""
        return self._content

    @property
    def dict_id(self):
        """The number of the dictionary; 0 when it has none."""
        return self._id

    @property
    def as_digested_dict(self):
        """For *zstd_dict*: the dictionary, prepared once for many streams of its own parameters."""
        return (self, _DIGESTED)

    @property
    def as_undigested_dict(self):
        """For *zstd_dict*: the dictionary, prepared for each stream with the parameters of that."""
        return (self, _UNDIGESTED)

    @property
    def as_prefix(self):
        """For *zstd_dict*: the bytes, as what came before the first frame of a stream."""
        return (self, _PREFIX)

    def _digest(self, is_compressor, level):
        """Digested dictionaries are made once a level, as making them takes long."""
        key = level if is_compressor else None
        digested = self._digested.get(key)
        if digested is None:
            try:
                digested = _eryx_codecs.zstandard_digest(self._content, is_compressor, level)
            except ZstdError:
                name = "ZSTD_CDict" if is_compressor else "ZSTD_DDict"
                raise ZstdError(
                    f"Failed to create a {name} instance from Zstandard dictionary content."
                ) from None
            self._digested[key] = digested
        return digested

    def __len__(self):
        return len(self._content)

    def __repr__(self):
        return f"<ZstdDict dict_id={self._id} dict_size={len(self._content)}>"

    def __reduce_ex__(self, protocol):
        raise TypeError("ZstdDict object intentionally doesn't support pickle.")


class ZstdCompressor(Codec):
    """Compresses bytes bit by bit, with a *level* or *options*, and with a dictionary."""

    __slots__ = ("_last_mode",)

    CONTINUE, FLUSH_BLOCK, FLUSH_FRAME = range(3)

    def __new__(cls, level=None, options=None, zstd_dict=None):
        self = super().__new__(cls)
        self._stream = _eryx_codecs.zstandard_compressor()
        self._last_mode = cls.FLUSH_FRAME
        if level is not None and options is not None:
            raise TypeError("Only one of level or options should be used.")
        if level is not None:
            level = _set_level(self._stream, level)
        if options is not None:
            level = _set_options(self._stream, options, True)
        if zstd_dict is not None:
            _use_dictionary(self._stream, zstd_dict, True, level)
        return self

    @property
    def last_mode(self):
        """How the last call left the stream: CONTINUE, FLUSH_BLOCK or FLUSH_FRAME."""
        return self._last_mode

    def compress(self, data, mode=CONTINUE):
        """Take bytes and return what comes out of the compressor, which can be nothing yet."""
        mode = operator.index(mode)
        if mode not in (self.CONTINUE, self.FLUSH_BLOCK, self.FLUSH_FRAME):
            raise ValueError(
                "mode must be ZstdCompressor.CONTINUE, ZstdCompressor.FLUSH_BLOCK or "
                "ZstdCompressor.FLUSH_FRAME"
            )
        return self._run(data, mode)

    def flush(self, mode=FLUSH_FRAME):
        """End the frame or the block, and return the last of it."""
        mode = operator.index(mode)
        if mode not in (self.FLUSH_BLOCK, self.FLUSH_FRAME):
            raise ValueError(
                "mode must be ZstdCompressor.FLUSH_FRAME or ZstdCompressor.FLUSH_BLOCK"
            )
        return self._run(b"", mode)

    def _run(self, data, mode):
        try:
            output = _eryx_codecs.run(self._stream, data, 0, -1, mode)[0]
        except BaseException:
            self._last_mode = self.FLUSH_FRAME
            _eryx_codecs.zstandard_reset(self._stream)
            raise
        self._last_mode = mode
        return output

    def set_pledged_input_size(self, size, /):
        """Say how long the next frame will be, which its header then tells; None is unknown."""
        if size is not None and not 0 <= operator.index(size) < _UNKNOWN_SIZE - 1:
            raise ValueError(f"size argument should be a positive int less than {_UNKNOWN_SIZE - 1}")
        if self._last_mode != self.FLUSH_FRAME:
            raise ValueError(
                "set_pledged_input_size() method must be called when last_mode == FLUSH_FRAME"
            )
        _eryx_codecs.zstandard_pledge(self._stream, _UNKNOWN_SIZE if size is None else size)


class ZstdDecompressor(Decompressor):
    """Decompresses one frame bit by bit, with *options*, and with a dictionary."""

    __slots__ = ()

    _at_end = "Already at the end of a Zstandard frame."

    def __new__(cls, zstd_dict=None, options=None):
        self = super().__new__(cls)
        stream = _eryx_codecs.zstandard_decompressor()
        self._begin(stream)
        if zstd_dict is not None:
            _use_dictionary(stream, zstd_dict, False)
        if options is not None:
            _set_options(stream, options, False)
        return self


def _check_training(samples, sizes, size):
    if type(samples) is not bytes:
        raise TypeError("the samples must be bytes")
    if type(sizes) is not tuple:
        raise TypeError("the sizes of the samples must be a tuple")
    if not isinstance(size, int):
        raise TypeError("dict_size must be an int")
    if size <= 0 or size >= 1 << 31:
        error = OverflowError if abs(size) >= 1 << 31 else ValueError
        raise error("dict_size argument should be positive number.")


def train_dict(samples_bytes, samples_sizes, dict_size, /):
    """Make a dictionary of samples: their bytes in a row, and a tuple of their sizes."""
    _check_training(samples_bytes, samples_sizes, dict_size)
    return _eryx_codecs.zstandard_train(samples_bytes, samples_sizes, dict_size)


def finalize_dict(custom_dict_bytes, samples_bytes, samples_sizes, dict_size, compression_level, /):
    """Make a dictionary of the format out of bytes and of samples."""
    if type(custom_dict_bytes) is not bytes:
        raise TypeError("the dictionary must be bytes")
    _check_training(samples_bytes, samples_sizes, dict_size)
    return _eryx_codecs.zstandard_finalize(
        custom_dict_bytes, samples_bytes, samples_sizes, dict_size, compression_level
    )
