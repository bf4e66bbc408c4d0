"""Whether what is set is fit for people to use over a network: each fault in a sentence that says what to do."""

from collections.abc import Iterator

from forum.config import Settings
from forum.i18n import gettext as _

SHORTEST_SECRET, FEWEST_CHARACTERS = 32, 12
_EXAMPLES = ("secret", "password", "changeme", "change-me", "change_me", "example", "0123456789", "abcdefgh")


def faults(settings: Settings) -> Iterator[str]:
    if _is_weak(settings.secret_key):
        yield _(
            "FORUM_SECRET_KEY is easy to guess: make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'` and keep it secret."
        )
    if settings.is_local:
        yield _("FORUM_BASE_URL is an address of this machine only: set the one people use, https://forum.example.org.")
    elif not settings.base_url.startswith("https://"):
        yield _(
            "FORUM_BASE_URL does not begin with https://, so passwords would go over the network for all to read: "
            "put nginx or Caddy before the forum."
        )
    if not settings.trusted_proxies:
        yield _(
            "FORUM_TRUSTED_PROXIES is empty, so everybody would seem to come from the proxy that speaks HTTPS: "
            "set its address, 127.0.0.1 if it is on this machine."
        )
    if any(network.prefixlen == 0 for network in settings.trusted_proxies):
        yield _(
            "FORUM_TRUSTED_PROXIES trusts every address there is, so anybody could say who they are, and pass by the "
            "limits: name the proxies alone, 127.0.0.1 if there is one on this machine."
        )


def _is_weak(secret: str) -> bool:
    is_short = len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_CHARACTERS
    return is_short or any(example in secret.lower() for example in _EXAMPLES)
