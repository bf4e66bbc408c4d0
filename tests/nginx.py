"""nginx with the site file of deploy/ on ports of this machine, and the forum behind it."""

import os
import secrets
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.realtime.process import CHECKOUT, PATIENCE, eventually
from tests.realtime.serving import Serving

HOST = "forum.example.org"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
AROUND = """{user}
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    include {folder}/site.conf;
}}
"""


@dataclass
class Site:
    """What visitors get to, and what is behind it."""

    url: str
    plain: int
    encrypted: int
    server: Serving
    folder: Path

    @property
    def host(self) -> str:
        return f"{HOST}:{self.encrypted}"

    def socket(self, address: str = "127.0.0.1") -> ssl.SSLSocket:
        trusted = ssl.create_default_context(cafile=self.folder / "fullchain.pem")
        sock = socket.create_connection(("127.0.0.1", self.encrypted), PATIENCE, (address, 0))
        return trusted.wrap_socket(sock, server_hostname=HOST)

    def connections(self) -> int:
        """Those that the forum holds."""
        fields = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(here.endswith(f":{self.server.port:04X}") and state == "01" for _, here, _, state, *_ in fields)


@contextmanager
def running(url: str, folder: Path) -> Iterator[Site]:
    """Both servers, for the database of this address; their files are in the folder."""
    plain, encrypted = free_ports()
    server = Serving(
        url, folder, FORUM_BASE_URL=f"https://{HOST}:{encrypted}", FORUM_TRUSTED_PROXIES="127.0.0.1",
        FORUM_SECRET_KEY=secrets.token_urlsafe(48),
    )  # fmt: skip
    certify(folder)
    write_site(folder, plain, encrypted, server.port)
    command = [str(NGINX), "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    nginx = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        eventually(lambda: is_open(encrypted) or nginx.poll() is not None)
        assert nginx.poll() is None, nginx.communicate()[1]
        yield Site(url, plain, encrypted, server, folder)
    finally:
        for process in (nginx, server.process):
            process.terminate()
            process.communicate(timeout=PATIENCE)


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def is_open(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def certify(folder: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    forms = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(*forms))


def write_site(folder: Path, plain: int, encrypted: int, forum: int) -> None:
    """The site file with this machine's ports and files in it, and what Debian's own nginx.conf is around it."""
    site = (CHECKOUT / "deploy" / "nginx.conf").read_text()
    for told, here in {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{encrypted} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{forum};",
        f"/etc/letsencrypt/live/{HOST}": str(folder),
        "/var/log/nginx": str(folder),
    }.items():
        assert told in site
        site = site.replace(told, here)
    (folder / "site.conf").write_text(site)
    # Started by root it would work as somebody who may not enter this folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(user=user, folder=folder))
