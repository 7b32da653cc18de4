"""The settings of connections that are never made."""

import os
import warnings

from _eryx.tls.constants import *
from _eryx.tls.constants import _VERIFY_PATHS
from _eryx.tls.errors import SSLError, failed, refused

_PROTOCOLS = {
    PROTOCOL_TLS: "PROTOCOL_TLS",
    PROTOCOL_TLSv1: "PROTOCOL_TLSv1",
    PROTOCOL_TLSv1_1: "PROTOCOL_TLSv1_1",
    PROTOCOL_TLSv1_2: "PROTOCOL_TLSv1_2",
    PROTOCOL_TLS_CLIENT: None,
    PROTOCOL_TLS_SERVER: None,
}

_DEPRECATED_VERSIONS = {PROTO_SSLv3: "SSLv3", PROTO_TLSv1: "TLSv1", PROTO_TLSv1_1: "TLSv1_1"}

_VERSIONS = {
    PROTO_MINIMUM_SUPPORTED,
    PROTO_MAXIMUM_SUPPORTED,
    PROTO_TLSv1_2,
    PROTO_TLSv1_3,
    *_DEPRECATED_VERSIONS,
}

_OPTIONS = (
    OP_ALL
    | OP_NO_SSLv3
    | OP_NO_COMPRESSION
    | OP_CIPHER_SERVER_PREFERENCE
    | OP_ENABLE_MIDDLEBOX_COMPAT
    | OP_IGNORE_UNEXPECTED_EOF
)

_STATISTICS = (
    "number", "connect", "connect_good", "connect_renegotiate", "accept", "accept_good",
    "accept_renegotiate", "hits", "misses", "timeouts", "cache_full",
)  # fmt: skip


class _SSLContext:
    """What `ssl.SSLContext` is made of."""

    __module__ = "_ssl"

    def __new__(cls, protocol, /):
        if protocol not in _PROTOCOLS:
            raise ValueError("invalid or unsupported protocol version")
        name = _PROTOCOLS[protocol]
        if name is not None:
            # Of the caller of `ssl.SSLContext`.
            warnings.warn(f"ssl.{name} is deprecated", DeprecationWarning, stacklevel=3)
        self = super().__new__(cls)
        self._protocol = int(protocol)
        is_client = protocol == PROTOCOL_TLS_CLIENT
        self._check_hostname = is_client
        self._verify_mode = CERT_REQUIRED if is_client else CERT_NONE
        self._verify_flags = VERIFY_X509_TRUSTED_FIRST
        self._options = _OPTIONS
        self._minimum, self._maximum = PROTO_TLSv1_2, PROTO_MAXIMUM_SUPPORTED
        self._flags = HOSTFLAG_NO_PARTIAL_WILDCARDS
        self._tickets = 2
        self._handshake_later = False
        self._servername_callback = self._message_callback = self._key_log = None
        self._application_protocols = b""
        # As DER, each once, in the order in which they were loaded.
        self._certificates = {}
        return self

    @property
    def protocol(self):
        return self._protocol

    @property
    def options(self):
        return self._options

    @options.setter
    def options(self, value):
        value = _number(value)
        if value < 0:
            raise ValueError("options must be >= 0")
        self._options = value

    @property
    def verify_flags(self):
        return self._verify_flags

    @verify_flags.setter
    def verify_flags(self, value):
        self._verify_flags = _number(value)

    @property
    def verify_mode(self):
        return self._verify_mode

    @verify_mode.setter
    def verify_mode(self, value):
        value = _number(value)
        if value not in (CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED):
            raise ValueError("invalid value for verify_mode")
        if value == CERT_NONE and self._check_hostname:
            raise ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.")
        self._verify_mode = value

    @property
    def check_hostname(self):
        return self._check_hostname

    @check_hostname.setter
    def check_hostname(self, value):
        self._check_hostname = bool(value)
        if value and self._verify_mode == CERT_NONE:
            self._verify_mode = CERT_REQUIRED

    @property
    def minimum_version(self):
        return self._minimum

    @minimum_version.setter
    def minimum_version(self, value):
        value = self._version(value)
        self._minimum = PROTO_TLSv1_3 if value == PROTO_MAXIMUM_SUPPORTED else value

    @property
    def maximum_version(self):
        return self._maximum

    @maximum_version.setter
    def maximum_version(self, value):
        value = self._version(value)
        self._maximum = PROTO_SSLv3 if value == PROTO_MINIMUM_SUPPORTED else value

    def _version(self, value):
        if self._protocol not in (PROTOCOL_TLS, PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER):
            raise ValueError(
                "The context's protocol doesn't support modification of highest and lowest version."
            )
        value = _number(value)
        if value not in _VERSIONS:
            raise ValueError(f"Unsupported TLS/SSL version {value:#x}")
        name = _DEPRECATED_VERSIONS.get(value)
        if name is not None:
            # Through the two setters, this one and that of `ssl.SSLContext`.
            warnings.warn(f"ssl.TLSVersion.{name} is deprecated", DeprecationWarning, stacklevel=4)
        return value

    @property
    def _host_flags(self):
        return self._flags

    @_host_flags.setter
    def _host_flags(self, value):
        self._flags = _number(value)

    @property
    def num_tickets(self):
        return self._tickets

    @num_tickets.setter
    def num_tickets(self, value):
        value = _number(value)
        if value < 0:
            raise ValueError("value must be non-negative")
        if self._protocol != PROTOCOL_TLS_SERVER:
            raise ValueError("SSLContext is not a server context.")
        self._tickets = value

    @property
    def post_handshake_auth(self):
        return self._handshake_later

    @post_handshake_auth.setter
    def post_handshake_auth(self, value):
        self._handshake_later = bool(value)

    @property
    def security_level(self):
        return 2

    @property
    def sni_callback(self):
        return self._servername_callback

    @sni_callback.setter
    def sni_callback(self, value):
        if value is not None and not callable(value):
            raise TypeError("not a callable object")
        self._servername_callback = value

    @property
    def _msg_callback(self):
        return self._message_callback

    @_msg_callback.setter
    def _msg_callback(self, value):
        self._message_callback = value

    @property
    def keylog_filename(self):
        return self._key_log

    @keylog_filename.setter
    def keylog_filename(self, value):
        # Nothing will ever be written to it.
        self._key_log = None if value is None else os.fspath(value)

    def _set_alpn_protocols(self, protos, /):
        self._application_protocols = bytes(protos)

    def set_ciphers(self, cipherlist, /):
        if not isinstance(cipherlist, str):
            raise TypeError(f"set_ciphers() argument must be str, not {type(cipherlist).__name__}")

    def get_ciphers(self):
        return []

    def set_ecdh_curve(self, name, /):
        os.fsencode(name)

    def load_dh_params(self, filepath, /):
        with open(filepath, "rb"):
            pass

    def set_psk_client_callback(self, callback):
        raise NotImplementedError("PSK is not supported: the sandbox has no TLS.")

    def set_psk_server_callback(self, callback, identity_hint=None):
        raise NotImplementedError("PSK is not supported: the sandbox has no TLS.")

    def session_stats(self):
        return dict.fromkeys(_STATISTICS, 0)

    def set_default_verify_paths(self):
        variable, path, *_ = _VERIFY_PATHS
        try:
            self.load_verify_locations(os.environ.get(variable, path))
        except (OSError, ValueError):
            # Whoever needs certificates finds out that there are none.
            pass

    def load_verify_locations(self, cafile=None, capath=None, cadata=None):
        from _eryx.tls import certificates

        if cafile is None and capath is None and cadata is None:
            raise TypeError("cafile, capath and cadata cannot be all omitted")
        found = []
        if cadata is not None:
            if isinstance(cadata, str):
                if not cadata.isascii():
                    raise TypeError("cadata should be an ASCII string or a bytes-like object")
                loaded = certificates.from_text(cadata.encode())
            else:
                loaded = certificates.from_der(bytes(cadata))
            if not cadata:
                raise ValueError("Empty certificate data")
            if not loaded:
                raise failed("no start line: cadata does not contain a certificate")
            found += loaded
        if cafile is not None:
            with open(cafile, "rb") as file:
                loaded = certificates.from_text(file.read())
            if not loaded:
                raise failed("the file of certificates has none")
            found += loaded
        if capath is not None:
            # Certificates in it are looked up one by one, when one is needed.
            os.fsencode(capath)
        self._certificates |= dict.fromkeys(found)

    def load_cert_chain(self, certfile, keyfile=None, password=None):
        from _eryx.tls import certificates

        with open(certfile, "rb") as file:
            text = file.read()
        if not certificates.from_text(text):
            raise failed("the file of the certificate has none")
        if keyfile is not None:
            with open(keyfile, "rb") as file:
                text = file.read()
        if not certificates.has_key(text):
            raise failed("the file of the private key has none")

    def cert_store_stats(self):
        from _eryx.tls import certificates

        authorities = sum(map(certificates.is_authority, self._certificates))
        return {"x509": len(self._certificates), "crl": 0, "x509_ca": authorities}

    def get_ca_certs(self, binary_form=False):
        from _eryx.tls import certificates

        found = [one for one in self._certificates if certificates.is_authority(one)]
        if found and not binary_form:
            raise NotImplementedError(
                "certificates are not decoded in the sandbox; get_ca_certs(binary_form=True) gives them"
            )
        return found

    def _wrap_socket(self, sock, server_side, server_hostname=None, *, owner=None, session=None):
        raise refused()

    def _wrap_bio(
        self, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None
    ):
        raise refused()


def _number(value):
    if not isinstance(value, int):
        raise TypeError(f"an integer is required (got type {type(value).__name__})")
    return int(value)
