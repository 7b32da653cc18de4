# image: example
import requests

try:
    requests.get("http://example.com", timeout=1)
except requests.exceptions.ConnectionError as error:
    print("ConnectionError")
session = requests.Session()
print(requests.Request("GET", "http://h/p", params={"a": "é"}).prepare().url)
