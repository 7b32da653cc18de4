value_of_thing = 1
print(value_of_thng)
