"""The forum behind nginx with the site file of deploy/: HTTPS, sign-in, live pages, large requests and slow ones."""

import gzip
import http.client
import re
import secrets
from collections.abc import Iterator
from email.message import Message
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask, request
from wsproto.events import AcceptConnection

from forum.audit.models import AuditEntry
from forum.db import commit, db
from forum.web import megabytes_taken
from tests.cast import PASSWORD, settle_cast
from tests.databases import SQLiteFiles, inside
from tests.nginx import HOST, NGINX, Site, running
from tests.realtime.clients import Frames
from tests.realtime.process import CHECKOUT, PATIENCE, eventually

MEGABYTE = 1024 * 1024
FORM = "application/x-www-form-urlencoded"
pytestmark = [
    pytest.mark.served,
    pytest.mark.skipif(NGINX is None, reason="there is no nginx; on Debian: apt-get install nginx"),
]


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
        return self.ask("POST", "/sign-in", form, Content_Type=FORM, **headers)[0]

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
    with running(url, folder) as found:
        yield found


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
    head = f"POST /sign-in HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: 100\r\nContent-Type: {FORM}\r\n\r\nemail="
    slow = [site.socket() for _ in range(50)]
    for each in slow:
        each.sendall(head.encode())
    Visitor(site).page("/sign-in")
    assert site.connections() < 10
    for each in slow:
        each.close()


def test_no_way_in_and_nothing_that_was_sought_is_written_to_the_log(site: Site) -> None:
    """Nor by what a page loads, which says where it is loaded from."""
    visitor, token, words = Visitor(site), secrets.token_urlsafe(), secrets.token_urlsafe()
    for path in (f"/password/{token}", f"/notifications/unsubscribe/{token}", f"/check-in/{token}"):
        visitor.ask("GET", path)
        visitor.ask("GET", "/static/nothing.css", Referer=f"https://{site.host}{path}")
    visitor.ask("GET", f"/search?q={words}")
    plain = http.client.HTTPConnection("127.0.0.1", site.plain, timeout=PATIENCE)
    plain.request("GET", f"/password/{token}", headers={"Host": HOST})
    plain.getresponse().read()
    plain.close()
    _, headers, _ = visitor.ask("GET", "/sign-in?seen")
    log = site.folder / "forum.log"
    eventually(lambda: f" {headers['X-Request-ID']}\n" in log.read_text())
    said = log.read_text()
    assert ('"GET /sign-in HTTP/1.1" 200' in said, "/search HTTP" in said, "/static/nothing.css" in said) == (True,) * 3
    for logged in site.folder.glob("*.log"):
        assert [secret for secret in (token, words, "seen") if secret in logged.read_text()] == []


def test_a_request_is_named_by_nginx_and_not_by_who_asks(site: Site) -> None:
    name = "abcdef-0123456789"
    _, headers, _ = Visitor(site).ask("GET", "/sign-in", X_Request_ID=name)
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"])
