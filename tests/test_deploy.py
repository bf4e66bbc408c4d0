"""The forum behind nginx with the site file of deploy/: HTTPS, sign-in, live pages, large requests and slow ones."""

import gzip
import http.client
import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, request
from wsproto.events import AcceptConnection

from forum.audit.models import AuditEntry
from forum.db import commit, db
from forum.web import megabytes_taken
from tests.cast import PASSWORD, settle_cast
from tests.databases import SQLiteFiles, inside
from tests.realtime.clients import Frames
from tests.realtime.process import CHECKOUT, PATIENCE, eventually
from tests.realtime.serving import Serving

HOST, MEGABYTE = "forum.example.org", 1024 * 1024
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = [
    pytest.mark.served,
    pytest.mark.skipif(NGINX is None, reason="there is no nginx; on Debian: apt-get install nginx"),
]
AROUND = """{user}
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
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


class Visitor:
    def __init__(self, site: Site, address: str = "127.0.0.1") -> None:
        self.site, self.address, self.cookies = site, address, SimpleCookie()

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, **headers: str
    ) -> tuple[int, Message, bytes]:
        connection = http.client.HTTPConnection(self.site.host)
        connection.sock = self.site.socket(self.address)
        told = {"Cookie": self.cookie(), "Accept-Encoding": "gzip", "Referer": f"https://{self.site.host}/"}
        connection.request(
            method, path, body, told | {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        found = answer.read()
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return answer.status, answer.headers, found

    def page(self, path: str) -> str:
        status, headers, body = self.ask("GET", path)
        assert (status, headers["Content-Encoding"]) == (200, "gzip")
        return gzip.decompress(body).decode()

    def cookie(self) -> str:
        return "; ".join(f"{name}={cookie.coded_value}" for name, cookie in self.cookies.items())

    def sign_in(self, email: str, **headers: str) -> int:
        form = urlencode({"email": email, "password": PASSWORD, "csrf_token": self.token()})
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", "/sign-in", form, **kind, **headers)[0]

    def token(self) -> str:
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.page("/sign-in"))
        assert found
        return found[1]


@pytest.fixture(scope="module")
def site(sqlite_server: SQLiteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url, folder = sqlite_server.new(), tmp_path_factory.mktemp("site")
    with inside(url, folder):
        settle_cast()
        commit()
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


def test_somebody_signs_in_over_https_by_their_own_address(site: Site) -> None:
    """Whatever they say about it themselves; and no cookie of theirs goes unencrypted."""
    visitor = Visitor(site, "127.0.0.2")
    assert visitor.sign_in("tina@example.org", X_Forwarded_For="192.0.2.1", X_Forwarded_Proto="http") == 302
    assert "Tina" in visitor.page("/")
    assert set(visitor.cookies) >= {"__Host-session"}
    assert all(cookie["secure"] and cookie["httponly"] for cookie in visitor.cookies.values())
    with inside(site.url, site.folder):
        assert "127.0.0.2" in db.session.scalars(sa.select(AuditEntry.address)).all()
    plain = http.client.HTTPConnection("127.0.0.1", site.plain, timeout=PATIENCE)
    plain.request("GET", "/me?a=b", headers={"Host": HOST})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/me?a=b")
    plain.close()


def test_a_live_page_is_connected_and_others_stay_outside(site: Site) -> None:
    visitor = Visitor(site)
    visitor.sign_in("tom@example.org")
    for origin, is_let_in in ((f"https://{site.host}", True), ("https://other.example.org", False)):
        told = [(b"Origin", origin.encode()), (b"Cookie", visitor.cookie().encode())]
        client = Frames(site.socket(), site.host, extra_headers=told)
        assert isinstance(client.next(), AcceptConnection) == is_let_in
        client.close()


def test_built_files_are_kept_for_a_year_and_all_text_is_compressed(site: Site) -> None:
    built = re.findall(r'(/static/[^"]+\.(?:css|js))"', Visitor(site).page("/sign-in"))
    assert built
    for path in built:
        status, headers, body = Visitor(site).ask("GET", path)
        assert (status, headers["Content-Encoding"]) == (200, "gzip")
        assert gzip.decompress(body)
        assert headers["Cache-Control"] == "public, max-age=31536000"


def test_the_forum_refuses_in_words_what_nginx_lets_through(site: Site) -> None:
    """And nginx what nothing in the forum takes, before it comes."""
    visitor = Visitor(site)
    status, _, body = visitor.ask("POST", "/sign-in", b"x" * 3 * MEGABYTE)
    assert (status, b"/sign-in" in body) == (413, True)
    status, _, body = visitor.ask("POST", "/sign-in", None, Content_Length=str(1024 * MEGABYTE))
    assert (status, b"nginx" in body) == (413, True)


@pytest.mark.one_database
def test_nginx_lets_through_what_the_forum_takes(app: Flask) -> None:
    taken = 0
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            request.url_rule = rule
            taken = max(taken, megabytes_taken() or 0)
    for file, limit in (("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MB")):
        found = re.search(limit, (CHECKOUT / "deploy" / file).read_text())
        assert found
        assert int(found[1]) > taken > 0


def test_who_is_slow_holds_nothing_of_the_forum(site: Site) -> None:
    head = f"POST /sign-in HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: 100\r\n\r\nemail="
    slow = [site.socket() for _ in range(50)]
    for each in slow:
        each.sendall(head.encode())
    Visitor(site).page("/sign-in")
    assert site.connections() < 10
    for each in slow:
        each.close()


def test_no_way_in_is_written_to_the_log(site: Site) -> None:
    visitor, token = Visitor(site), secrets.token_urlsafe()
    visitor.ask("GET", f"/password/{token}")
    visitor.page("/sign-in?seen")
    log = site.folder / "forum.log"
    eventually(lambda: "/sign-in?seen" in log.read_text())
    assert token not in log.read_text()
