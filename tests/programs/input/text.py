# stdin: first
# stdin: zweite é
# stdin: third
import sys

print(input())
print(input("prompt> "))
print(sys.stdin.readline(), end="")
print(repr(sys.stdin.read()), repr(sys.stdin.readline()))
input()
