"""What proxies say about who asks, and by which address: believed only of those that are trusted."""

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Flask
from werkzeug.http import parse_list_header
from werkzeug.middleware.proxy_fix import ProxyFix

from forum.config import Settings
from forum.environment import Networks

_SAID = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")
# A name for the request, too.
_DROPPED = (*_SAID, "HTTP_X_REQUEST_ID")


class Proxies:
    """The address of the visitor is the last in X-Forwarded-For that is no proxy's. What others say is dropped: the
    library of the sockets would believe it."""

    def __init__(self, app: Any, trusted: Networks) -> None:
        self.app, self.trusted = app, trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self._trusts(environ.get("REMOTE_ADDR", "")):
            came_by = parse_list_header(environ.get(_SAID[0], ""))
            hops = 1
            while hops < len(came_by) and self._trusts(came_by[-hops]):
                hops += 1
            return ProxyFix(self.app, x_for=hops, x_proto=1, x_host=1)(environ, start_response)
        for name in _DROPPED:
            environ.pop(name, None)
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer

    def _trusts(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        if isinstance(found, IPv6Address):
            found = found.ipv4_mapped or found
        return any(found in network for network in self.trusted)


def init_proxies(app: Flask, settings: Settings) -> None:
    """Outside of everything else that handles a request."""
    app.wsgi_app = Proxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
