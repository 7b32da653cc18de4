# Certificates are read and counted. These are made up: no more than the outlines of certificates.
import ssl
import tempfile


def sequence(data):
    return b"\x30\x82" + len(data).to_bytes(2, "big") + data


authority = sequence(b"\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x05\x30\x03\x01\x01\xff" + bytes(300))
other = sequence(b"\x06\x03\x55\x1d\x13\x04\x02\x30\x00" + bytes(300))
key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
both = ssl.DER_cert_to_PEM_cert(authority) + "a comment\n" + ssl.DER_cert_to_PEM_cert(other)


def context():
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


trusting = context()
print(trusting.cert_store_stats())
trusting.load_verify_locations(cadata=both)
trusting.load_verify_locations(cadata=authority + other)
print(trusting.cert_store_stats(), trusting.get_ca_certs(binary_form=True) == [authority])
try:
    trusting.get_ca_certs()
except NotImplementedError as error:
    print(error)

with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
    file.write(both + key)
    file.flush()
    print(ssl.create_default_context(cafile=file.name).cert_store_stats())
    context().load_cert_chain(file.name)
    context().load_cert_chain(file.name, file.name)

with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
    file.write("nothing")
    file.flush()
    for load in (
        lambda: context().load_verify_locations(file.name),
        lambda: context().load_verify_locations("/nowhere.pem"),
        lambda: context().load_cert_chain(file.name),
        lambda: context().load_verify_locations(cadata="nothing"),
        lambda: context().load_verify_locations(cadata=""),
        lambda: context().load_verify_locations(cadata=authority[:-1]),
        lambda: context().load_verify_locations(cadata=b"\x30"),
        lambda: context().load_verify_locations(),
    ):
        try:
            load()
        except (OSError, ValueError, TypeError) as error:
            print(f"{type(error).__name__}: {error}")
