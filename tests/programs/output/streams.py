import sys

for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(stream.name, stream.mode, stream.fileno(), stream.isatty(), stream.encoding, stream.newlines)
print(sys.stdout is sys.__stdout__, sys.stdin is sys.__stdin__, sys.stderr is sys.__stderr__)
print(type(sys.stdout.buffer).__name__, sys.stderr.line_buffering, sys.stdout.write_through)
