"""Names that are no text are not found, as any other name."""

import socket

for look_up in (
    lambda: socket.gethostbyname(b"\xff"),
    lambda: socket.gethostbyname_ex(b"\xff"),
    lambda: socket.gethostbyaddr(b"\xff"),
    lambda: socket.getaddrinfo(b"\xff", 80),
    lambda: socket.getaddrinfo(b"\xff" * 100_000, 80),
    lambda: socket.getaddrinfo(b"a" * 100_000, 80),
    lambda: socket.getaddrinfo(b"", 80),
):
    try:
        print(look_up())
    except OSError as error:
        print("OSError", isinstance(error, socket.gaierror))
