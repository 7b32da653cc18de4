# stdin: ready
import select
import sys

print(select.select([sys.stdin], [], [], 5)[0] == [sys.stdin])
print(sys.stdin.readline(), end="")
