exec("1\n2\n1/0")
