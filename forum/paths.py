"""Where templates, the built front end and the migrations are: in the checkout, or packed into an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent

# A wheel has no pyproject.toml beside the package; a checkout (also under an editable install) has, and is read live.
_HOME = _CHECKOUT if (_CHECKOUT / "pyproject.toml").exists() else _PACKAGE

TEMPLATES = _HOME / "templates"
STATIC = _HOME / "static" / "dist"
MIGRATIONS = _HOME / "migrations"
