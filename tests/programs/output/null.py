with open("/dev/null", "w") as null:
    print("nothing", file=null)
print(open("/dev/null").read() == "")
