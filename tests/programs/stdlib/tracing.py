import sys

lines = []


def trace(frame, event, argument):
    if frame.f_code.co_name == "traced":
        lines.append((event, frame.f_lineno))
    return trace


def traced():
    a = 1
    return a


sys.settrace(trace)
traced()
sys.settrace(None)
print(lines)
