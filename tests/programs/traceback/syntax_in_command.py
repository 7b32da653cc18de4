# as: command
print(1 +)
