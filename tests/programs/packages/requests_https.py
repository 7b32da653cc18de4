# image: example
# An address that asks for TLS fails as any does that can not be reached.
import requests
import urllib3

try:
    requests.get("https://example.com", timeout=1)
except requests.exceptions.ConnectionError as error:
    print(type(error.args[0]).__name__, type(error.args[0].reason).__name__)
print(urllib3.util.ssl_.create_urllib3_context().verify_mode.name)
