"""Tokens that are typed from paper, too."""

import secrets

# Small letters and digits that nobody takes for one another, 79 bits of them.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def new_token() -> str:
    letters = [secrets.choice(_ALPHABET) for _letter in range(_GROUPS * _GROUP)]
    return "-".join("".join(letters[start : start + _GROUP]) for start in range(0, len(letters), _GROUP))
