print(ascii("café"))
