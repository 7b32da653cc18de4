# Downloads an address into a file: address, file, the largest size in bytes.
import sys
import urllib.request

address, path, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
with urllib.request.urlopen(address, timeout=60) as answer, open(path, "wb") as file:
    while block := answer.read(1 << 20):
        limit -= len(block)
        if limit < 0:
            sys.exit("error: it is larger than sources may be")
        file.write(block)
