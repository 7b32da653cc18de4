# as: module code
# args: -q
# stdin: 1 + 1
# stdin: x = 3
# stdin: print(x)
# stdin: 1 / 0
