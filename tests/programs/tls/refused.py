# What would use TLS fails: for want of a network where one is needed, else for want of TLS.
import http.client
import socket
import ssl
import urllib.error
import urllib.request

context = ssl.create_default_context()
for use in (
    lambda: context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="example.com"),
    lambda: context._wrap_socket(None, False),
    lambda: context.wrap_socket(socket.socket(), server_hostname="example.com").connect(("127.0.0.1", 443)),
    lambda: http.client.HTTPSConnection("127.0.0.1", timeout=1).request("GET", "/"),
    lambda: http.client.HTTPSConnection("example.com", timeout=1).request("GET", "/"),
    lambda: urllib.request.urlopen("https://example.com", timeout=1),
):
    try:
        use()
        print("connected")
    except urllib.error.URLError as error:
        print("URLError of a", type(error.reason).__name__)
    except ssl.SSLError as error:
        print(f"SSLError: {error}", error.errno == ssl.SSL_ERROR_SSL, error.reason)
    except OSError as error:
        print(type(error).__name__, bool(str(error)))
try:
    ssl.SSLSession()
except TypeError as error:
    print(error)
