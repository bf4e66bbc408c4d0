"""What every answer forbids the browser to do with it."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A year. Not for the hosts below it, which may be other people's.
_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}


# What is a way in for whoever reads the address, or leads on to one, by the names that addresses give it.
SECRETS_IN_ADDRESSES = {"token", "code", "next"}


def security_headers(is_encrypted: bool) -> dict[str, str]:
    return _ALWAYS | (_ENCRYPTED if is_encrypted else {})


def headers_of_address(named: set[str]) -> dict[str, str]:
    """Where one of these is a secret, what the page loads says its host alone in the Referer, which proxies log. By no
    more are our forms told from those of other sites."""
    return {} if SECRETS_IN_ADDRESSES.isdisjoint(named) else {"Referrer-Policy": "strict-origin"}
