import mmap
import re

with mmap.mmap(-1, 20) as memory:
    memory.write(b"first line\nsecond")
    memory.seek(0)
    print(memory.readline(), memory.tell(), memory.find(b"second"), memory[3], memory[:5])
    memory[0:5] = b"FIRST"
    memory.move(10, 0, 5)
    print(memory[4::-2], memory[2:9:3], memory[0:5:-1], memory[-1:-99:-7])
    memory[3::-3] = b"ST"
    memory.resize(12)
    print(memory[:], re.search(rb"[a-z]+", memory)[0], memory)
    view = memoryview(memory)
    try:
        memory.close()
    except BufferError as error:
        print(error)
    view.release()

with open("/tmp/file", "w+b") as file:
    file.write(b"0123456789")
    file.flush()
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
        print(memory[-3:], len(memory), memory.size(), file.tell())
        try:
            memory[0] = 1
        except TypeError as error:
            print(error)
    with mmap.mmap(file.fileno(), 4, access=mmap.ACCESS_COPY) as memory:
        memory[0] = 65
        file.seek(0)
        print(memory[:], file.read(4))
    try:
        mmap.mmap(file.fileno(), 0)
    except OSError as error:
        print(error)
try:
    memory[0]
except ValueError as error:
    print(error)
