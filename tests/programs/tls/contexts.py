# Contexts keep what they are told, as they do where there is TLS.
import ssl
import warnings

context = ssl.create_default_context()
print(context.protocol.name, context.verify_mode.name, context.check_hostname)
print(context.minimum_version.name, context.maximum_version.name, context.sni_callback)
print(ssl.OP_NO_COMPRESSION in context.options, ssl.VerifyFlags.VERIFY_X509_STRICT in context.verify_flags)

try:
    context.verify_mode = ssl.CERT_NONE
except ValueError as error:
    print(error)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.options |= ssl.OP_NO_TICKET
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.hostname_checks_common_name = False
context.set_alpn_protocols(["h2", "http/1.1"])
context.set_ciphers("ECDHE+AESGCM")
print(context.verify_mode.name, ssl.OP_NO_TICKET in context.options, context.minimum_version.name)
print(context.hostname_checks_common_name, context.get_ciphers(), context.session_stats()["hits"])

server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
server.num_tickets = 0
print(server.protocol.name, server.verify_mode.name, server.num_tickets, server.cert_store_stats())
context.check_hostname = True
print(context.verify_mode.name)

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    ssl.SSLContext(ssl.PROTOCOL_TLS)
    server.minimum_version = ssl.TLSVersion.TLSv1
for warning in caught:
    print(warning.message, warning.filename == __file__)
for wrong in (lambda: ssl.SSLContext(99), lambda: setattr(context, "minimum_version", 7),
              lambda: setattr(context, "verify_mode", 9), lambda: setattr(context, "num_tickets", 1)):
    try:
        wrong()
    except ValueError as error:
        print(error)
