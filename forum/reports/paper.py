"""Sets one page of HTML as a PDF, from standard input to standard output: `python -m forum.reports.paper`.

A process of its own: what it needs is given back when it ends, and whatever it does holds up nobody else."""

import sys
from typing import Any, NoReturn


def fetch_nothing(url: str, *_others: Any, **_options: Any) -> NoReturn:
    """The page has all that it shows; nothing is read from anywhere."""
    raise ValueError(f"nothing is fetched for a report: {url[:100]}")


def main() -> None:
    from weasyprint import HTML

    page = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(HTML(string=page, url_fetcher=fetch_nothing).write_pdf(pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    main()
