"""What comes in with an address, without NUL: no text in PostgreSQL may have one, and nobody can type it."""

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property


class Incoming(Request):
    @cached_property
    def args(self) -> MultiDict[str, str]:
        sent = super().args
        if b"%00" not in self.query_string:
            return sent
        return ImmutableMultiDict((name, value.replace("\0", "")) for name, value in sent.items(multi=True))
