import os

print(dict(os.environ), os.environb)
os.environ["NAME"] = "value"
print(os.getenv("NAME"), os.environ.get("HOME"), os.path.expandvars("$NAME/x"))
del os.environ["NAME"]
print("NAME" in os.environ)
