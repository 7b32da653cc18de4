# as: stdin
x = = 1
