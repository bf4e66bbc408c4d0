"""Built files come compressed to whoever takes that, and are kept for long."""

import gzip
import json

import pytest

from forum.paths import STATIC
from tests.cast import World

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(("name", "kind"), [("app.js", "text/javascript"), ("app.css", "text/css")])
def test_a_built_file_comes_compressed_and_says_the_same(world: World, name: str, kind: str) -> None:
    client = world.app.test_client()
    address = f"/static/{json.loads((STATIC / 'manifest.json').read_text())[name]}"
    plain = client.get(address, buffered=True)
    packed = client.get(address, headers={"Accept-Encoding": "br, gzip"}, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    for answer in (plain, packed):
        assert answer.mimetype == kind
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_what_was_not_built_is_not_there(world: World) -> None:
    for path in ("/static/none.js", "/static/../forum/db.py", "/static/%2e%2e/package.json"):
        assert world.app.test_client().get(path, headers={"Accept-Encoding": "gzip"}).status_code == 404
