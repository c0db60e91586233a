"""https under the names of the site, reached through a proxy."""

from __future__ import annotations

import math
import socket
import socketserver
import ssl
import struct
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.site import DOMAINS
from tests.site.behaviours import Response
from tests.site.server import Site

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_served(host: str) -> bool:
    """Whether a host is the site's."""
    return any(host == domain or host.endswith(f".{domain}") for domain in DOMAINS)


class Proxy(socketserver.ThreadingTCPServer):
    request_queue_size = 128

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.tls = tls
        self.site: Site
        self.stopping = Event()
        self.open: set[socket.socket] = set()
        self.errors: list[Exception] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.open.add(connection)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exc_info()[1]
        # An OSError (ssl.SSLError is one) says that the client went away.
        if isinstance(error, Exception) and not isinstance(error, OSError):
            self.errors.append(error)

    def stop(self) -> None:
        """End all connections, and wait until their threads are through."""
        self.stopping.set()
        self.shutdown()
        for connection in list(self.open):
            with suppress(OSError):
                # Not a TLS socket's own, which pulls the session away from under its thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        self.server_close()


class _Connection(BaseHTTPRequestHandler):
    """One connection to the proxy: a tunnel to one host, or plain requests to any."""

    server: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    tunnel: str | None = None

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0].lower()
        if not is_served(host):
            self.server.site.remember(host, "", 403)
            self._send(Response(403))
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.rfile.close()
        # Of a client that is gone by now, `wrap_socket` would leave the socket open.
        self.request.recv(1, socket.MSG_PEEK)
        self.server.open.discard(self.request)
        self.request = self.server.tls.wrap_socket(
            self.request, server_side=True, do_handshake_on_connect=False
        )
        self.setup()
        self.server.open.add(self.request)
        self.close_connection = self.server.stopping.is_set()
        if not self.close_connection:
            self.request.do_handshake()
            self.tunnel = host

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        host = self.tunnel or (url.hostname or "")
        path = self.path if self.tunnel else url._replace(scheme="", netloc="").geturl()
        if not is_served(host):
            self.server.site.remember(host, path, 403)
            self._send(Response(403))
            return
        response = self.server.site.respond(host, path or "/", self.headers)
        if response.delay:
            wait = None if response.delay == math.inf else response.delay
            if self.server.stopping.wait(wait):
                self.close_connection = True
                return
        self._send(response)

    def _send(self, response: Response) -> None:
        status = HTTPStatus(response.status)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        if status != HTTPStatus.NOT_MODIFIED:
            lines.append(f"Content-Length: {len(response.body)}")
        head = "\r\n".join([*lines, "", ""]).encode()
        if not response.broken:
            self.wfile.write(head + response.body)
            return
        self.wfile.write(head + response.body[: len(response.body) // 2])
        # To linger for no time is to reset.
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def finish(self) -> None:
        super().finish()
        self.server.open.discard(self.request)
        self.request.close()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `Site.requests` has it."""


def certify(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A new authority's certificate, and what shows a certificate of it for every host."""
    begin = datetime.now(UTC) - timedelta(days=1)

    def sign(
        name: str, key: ec.EllipticCurvePrivateKey, by: str, extension: x509.ExtensionType
    ) -> bytes:
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, by)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=30))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(authority_key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM)

    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority, authority_name = folder / "authority.pem", "Contoh Authority"
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    authority.write_bytes(sign(authority_name, authority_key, authority_name, constraints))
    hosts = [x509.DNSName(name) for domain in DOMAINS for name in (domain, f"*.{domain}")]
    chain = folder / "site.pem"
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + sign("republika.co.id", key, authority_name, x509.SubjectAlternativeName(hosts))
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return authority, context


@contextmanager
def running_site() -> Iterator[Site]:
    """A site that runs, in a thread, until the block ends."""
    with TemporaryDirectory() as folder:
        authority, tls = certify(Path(folder))
        proxy = Proxy(tls)
        site = proxy.site = Site(proxy.server_address[1], authority)
        thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            proxy.stop()
            thread.join()
    if proxy.errors:
        raise ExceptionGroup("the site failed", proxy.errors)
