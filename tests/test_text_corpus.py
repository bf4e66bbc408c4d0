"""Every payload of the hostile corpus through every renderer."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forum.text import html_to_html, markdown_to_html, text_to_html
from tests.markup import faults


def payloads(folder: Path) -> Iterator[str]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["payload"]
    yield from (folder / "markdown_xss.txt").read_text(encoding="utf-8").splitlines()
    for file in sorted(folder.glob("blns*.json")):
        for section in json.loads(file.read_text(encoding="utf-8")):
            yield from section["strings"]
    for file in sorted((folder / "fuzzdb-unicode").glob("*.txt")):
        yield from file.read_text(encoding="utf-8", errors="replace").splitlines()


@pytest.mark.corpus
@pytest.mark.parametrize("render", [markdown_to_html, html_to_html, text_to_html], ids=lambda render: render.__name__)
def test_every_known_payload_becomes_harmless(render: Callable[[str], str]) -> None:
    corpus = os.environ.get("FORUM_TEST_CORPUS")
    if not corpus:
        pytest.skip("FORUM_TEST_CORPUS names no folder of real data")
    all_of_them = list(payloads(Path(corpus) / "hostile"))
    assert len(all_of_them) > 2900
    harmful = {payload: found for payload in all_of_them if (found := list(faults(render(payload))))}
    assert harmful == {}
