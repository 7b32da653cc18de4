"""`mmap` without an operating system that maps: memory of its own, or a copy of a file.

Nothing in the sandbox can tell a copy from a mapping as long as neither it nor the file is written to.
So anonymous memory, files that are only read, and private copies of files work; what would write
to a file through memory says that it can not.
"""

import errno
import operator
import os
import sys

__all__ = ["mmap", "error"]

error = OSError

ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY = range(4)
MAP_SHARED, MAP_PRIVATE = 1, 2
MAP_ANON = MAP_ANONYMOUS = 32
PROT_READ, PROT_WRITE, PROT_EXEC = 1, 2, 4
MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED = range(5)

# That of WebAssembly.
PAGESIZE = ALLOCATIONGRANULARITY = 65536

_ACCESS_NAMES = ("ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY")


class mmap:
    """mmap(fileno, length, flags=MAP_SHARED, prot=PROT_READ|PROT_WRITE, access=ACCESS_DEFAULT, offset=0)

    Memory of *length* bytes when *fileno* is -1, otherwise the contents of a file from *offset* on, to
    its end when *length* is 0.
    """

    def __new__(
        cls,
        fileno,
        length,
        flags=MAP_SHARED,
        prot=PROT_READ | PROT_WRITE,
        access=ACCESS_DEFAULT,
        offset=0,
        *,
        trackfd=True,
    ):
        fileno, length, offset = map(operator.index, (fileno, length, offset))
        for what, number in ("length", length), ("offset", offset):
            if number < 0:
                raise OverflowError(f"memory mapped {what} must be positive")
        if length > sys.maxsize:
            raise OverflowError("memory mapped length is too large")
        if access != ACCESS_DEFAULT and (flags != MAP_SHARED or prot != PROT_READ | PROT_WRITE):
            raise ValueError("mmap can't specify both access and flags, prot.")
        if access not in (ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY):
            raise ValueError("mmap invalid access parameter.")
        if offset % ALLOCATIONGRANULARITY:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if access == ACCESS_DEFAULT:
            if not prot & PROT_WRITE:
                access = ACCESS_READ
            elif flags & MAP_PRIVATE and fileno != -1:
                access = ACCESS_COPY
        self = super().__new__(cls)
        self._fileno = None
        if fileno == -1:
            if length == 0:
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            self._data = bytearray(length)
        else:
            if access not in (ACCESS_READ, ACCESS_COPY):
                raise OSError(
                    errno.ENOTSUP,
                    "a file can not be written to through memory in the sandbox: "
                    "map it with ACCESS_READ or ACCESS_COPY",
                )
            self._data = _contents(fileno, length, offset)
            self._fileno = fileno
        self._access = access
        self._offset = offset
        self._is_file = fileno != -1
        self._keeps_file = trackfd
        self._position = 0
        self._exports = 0
        return self

    # Buffers (PEP 688).

    def __buffer__(self, flags):
        self._check()
        view = memoryview(self._data)
        if self._access == ACCESS_READ:
            view = view.toreadonly()
        self._exports += 1
        return view

    def __release_buffer__(self, view):
        self._exports -= 1
        view.release()

    # The life of a mapping.

    @property
    def closed(self):
        return self._data is None

    def close(self):
        """Release the memory. Later uses raise ValueError."""
        if self._exports:
            raise BufferError("cannot close exported pointers exist")
        self._data = None

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exception):
        self.close()

    def _check(self):
        if self._data is None:
            raise ValueError("mmap closed or invalid")

    def _check_writable(self):
        self._check()
        if self._access == ACCESS_READ:
            raise TypeError("mmap can't modify a readonly memory map.")

    def __reduce_ex__(self, protocol):
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        raise TypeError(f"cannot pickle {name!r} object")

    def __repr__(self):
        name = f"{type(self).__module__}.{type(self).__qualname__}"
        if self._data is None:
            return f"<{name} closed=True, access={_ACCESS_NAMES[self._access]}>"
        return (
            f"<{name} closed=False, access={_ACCESS_NAMES[self._access]}, length={len(self._data)}, "
            f"pos={self._position}, offset={self._offset}>"
        )

    def size(self):
        """The size of the file, which can be larger than the mapping."""
        self._check()
        if not self._keeps_file:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return os.fstat(self._fileno).st_size if self._is_file else len(self._data)

    def resize(self, newsize):
        """Make anonymous memory longer or shorter."""
        self._check()
        newsize = operator.index(newsize)
        if self._exports:
            raise BufferError("mmap can't resize with extant pointers exported.")
        if not self._keeps_file:
            raise ValueError("can't resize with trackfd=False.")
        if self._is_file or self._access not in (ACCESS_DEFAULT, ACCESS_WRITE):
            raise TypeError("mmap can't resize a readonly or copy-on-write memory map.")
        if newsize < 0:
            raise ValueError("new size out of range")
        if newsize == 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        del self._data[newsize:]
        self._data.extend(bytes(newsize - len(self._data)))

    def flush(self, offset=0, size=None, /):
        """Nothing has to reach a file: writing to one is not possible."""
        self._check()
        length = len(self._data)
        size = length - offset if size is None else size
        if size + offset > length or offset < 0 or size < 0:
            raise ValueError("flush values out of range")

    def madvise(self, option, start=0, length=None, /):
        """Advice is checked, and has no effect."""
        self._check()
        if not 0 <= start < len(self._data):
            raise ValueError("madvise start out of bounds")
        length = 0 if length is None else operator.index(length)
        if length < 0:
            raise ValueError("madvise length invalid")
        if start + length > sys.maxsize:
            raise OverflowError("madvise length too large")

    # Like a bytearray.

    def __len__(self):
        self._check()
        return len(self._data)

    def __iter__(self):
        for index in range(len(self)):
            yield bytes(self._data[index : index + 1])

    def __getitem__(self, index):
        value = self._data[self._index(index)]
        return bytes(value) if isinstance(index, slice) else value

    def __setitem__(self, index, value):
        self._check_writable()
        index = self._index(index)
        if isinstance(index, slice):
            with memoryview(value) as view:
                data = view.tobytes()
            self._check()
            if len(data) != len(range(*index.indices(len(self._data)))):
                raise IndexError("mmap slice assignment is wrong size")
            self._data[index] = data
            return
        try:
            value = operator.index(value)
        except TypeError:
            raise TypeError("mmap item value must be an int") from None
        if not 0 <= value < 256:
            raise ValueError("mmap item value must be in range(0, 256)")
        # Asking for the value may have closed or resized this.
        self._data[self._index(index)] = value

    def __delitem__(self, index):
        raise TypeError("mmap object doesn't support item deletion")

    def _index(self, index):
        """An index in plain numbers, checked. What asking for them does to this comes before."""
        self._check()
        if isinstance(index, slice):
            chosen = range(*index.indices(len(self._data)))
            self._check()
            if not chosen:
                return slice(0, 0)
            # A negative end counts from the last byte, and would not mean the first.
            return slice(chosen.start, None if chosen.stop < 0 else chosen.stop, chosen.step)
        try:
            index = operator.index(index)
        except TypeError:
            raise TypeError("mmap indices must be integers") from None
        self._check()
        if not -len(self._data) <= index < len(self._data):
            raise IndexError("mmap index out of range")
        return index

    def find(self, view, start=None, end=None, /):
        """The first place of bytes, from the position on if nothing else is said; -1 without one."""
        return self._find(bytearray.find, view, start, end)

    def rfind(self, view, start=None, end=None, /):
        """The last place of bytes, from the position on if nothing else is said; -1 without one."""
        return self._find(bytearray.rfind, view, start, end)

    def _find(self, find, view, start, end):
        self._check()
        start = self._position if start is None else operator.index(start)
        end = sys.maxsize if end is None else operator.index(end)
        with memoryview(view) as wanted:
            wanted = wanted.tobytes()
        self._check()
        return find(self._data, wanted, start, end)

    def move(self, dest, src, count, /):
        """Copy bytes from one place to another."""
        self._check_writable()
        length = len(self._data)
        if min(dest, src, count) < 0 or length - dest < count or length - src < count:
            raise ValueError("source, destination, or count out of range")
        self._data[dest : dest + count] = self._data[src : src + count]

    # Like a file.

    def tell(self):
        self._check()
        return self._position

    def seekable(self):
        return True

    def seek(self, pos, whence=os.SEEK_SET, /):
        """Set the position and return it."""
        self._check()
        starts = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: len(self._data)}
        if whence not in starts:
            raise ValueError("unknown seek type")
        position = starts[whence] + operator.index(pos)
        if not 0 <= position <= len(self._data):
            raise ValueError("seek out of range")
        self._position = position
        return position

    def read(self, n=None, /):
        """Bytes from the position on, up to *n*."""
        self._check()
        if n is not None:
            try:
                n = operator.index(n)
            except TypeError:
                kind = type(n).__name__
                raise TypeError(f"argument should be integer or None, not {kind!r}") from None
            self._check()
        left = max(0, len(self._data) - self._position)
        return self._take(left if n is None or n < 0 else min(n, left))

    def _take(self, count):
        with memoryview(self._data) as view:
            taken = bytes(view[self._position : self._position + count])
        self._position += len(taken)
        return taken

    def read_byte(self):
        """The byte at the position, as an integer."""
        self._check()
        if self._position >= len(self._data):
            raise ValueError("read byte out of range")
        self._position += 1
        return self._data[self._position - 1]

    def readline(self):
        """Bytes up to and with the next end of a line."""
        self._check()
        end = self._data.find(b"\n", self._position)
        return self._take((len(self._data) if end < 0 else end + 1) - self._position)

    def write(self, bytes, /):
        """Write at the position and return how many bytes that were."""
        with memoryview(bytes) as view:
            self._check_writable()
            size = view.nbytes
            if self._position > len(self._data) or len(self._data) - self._position < size:
                raise ValueError("data out of range")
            self._data[self._position : self._position + size] = view.tobytes()
        self._position += size
        return size

    def write_byte(self, byte, /):
        """Write one byte, an integer, at the position."""
        self._check_writable()
        byte = operator.index(byte)
        if not 0 <= byte < 256:
            raise OverflowError("unsigned byte integer is out of range")
        if self._position >= len(self._data):
            raise ValueError("write byte out of range")
        self._data[self._position] = byte
        self._position += 1


def _contents(fileno, length, offset):
    """A copy of a file from an offset on."""
    size = os.fstat(fileno).st_size
    if length == 0:
        if size == 0:
            raise ValueError("cannot mmap an empty file")
        if offset >= size:
            raise ValueError("mmap offset is greater than file size")
        length = size - offset
        if length > sys.maxsize:
            raise ValueError("mmap length is too large")
    elif offset > size or size - offset < length:
        raise ValueError("mmap length is greater than file size")
    data = bytearray()
    before = os.lseek(fileno, 0, os.SEEK_CUR)
    try:
        os.lseek(fileno, offset, os.SEEK_SET)
        while len(data) < length:
            block = os.read(fileno, min(length - len(data), 1 << 20))
            if not block:
                raise ValueError("mmap length is greater than file size")
            data += block
    finally:
        os.lseek(fileno, before, os.SEEK_SET)
    return data
