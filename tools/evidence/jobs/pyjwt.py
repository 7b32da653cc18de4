# Signs and checks tokens.
import jwt

key = "k" * 32
token = jwt.encode({"sub": "ada"}, key, algorithm="HS256")
assert jwt.decode(token, key, algorithms=["HS256"]) == {"sub": "ada"}
try:
    jwt.decode(token, "x" * 32, algorithms=["HS256"])
except jwt.InvalidSignatureError:
    pass
else:
    raise AssertionError("the signature was not checked")
