# Matches addresses and hashes passwords.
from werkzeug.routing import Map, Rule
from werkzeug.security import check_password_hash, generate_password_hash

urls = Map([Rule("/a/<int:number>", endpoint="a")]).bind("example.com")
assert urls.match("/a/3") == ("a", {"number": 3}) and urls.build("a", {"number": 4}) == "/a/4"
hashed = generate_password_hash("secret", method="pbkdf2:sha256:1000")
assert check_password_hash(hashed, "secret") and not check_password_hash(hashed, "other")
