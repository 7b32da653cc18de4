import socket
import urllib.request

print(socket.AF_INET.name)
for connect in (
    lambda: socket.create_connection(("127.0.0.1", 80), timeout=1),
    lambda: socket.create_connection(("example.com", 80), timeout=1),
    lambda: socket.getaddrinfo("example.com", 80),
    lambda: socket.socket().bind(("127.0.0.1", 0)),
    lambda: urllib.request.urlopen("http://example.com", timeout=1),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
):
    try:
        connect()
        print("connected")
    except (OSError, AttributeError) as error:
        print(isinstance(error, OSError), bool(str(error)))
