"""Takes the pictures of the README anew, from a fresh demonstration in Debian's Chromium: `make screenshots`."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
# Name, who looks, language, light or dark, size, path.
PICTURES = [
    ("discussion", "instructor", "en-GB", "light", DESK, "/discussions/2"),
    ("discussion-phone", "trainee3", "zh-CN", "light", PHONE, "/discussions/4"),
    ("home-phone", "trainee", "en-GB", "dark", PHONE, "/"),
    ("class", "organiser2", "zh-CN", "light", DESK, "/classes/key-members"),
    ("people", "organiser2", "zh-CN", "light", DESK, "/classes/key-members/members"),
    ("slips", "organiser2", "zh-CN", "light", DESK, "/classes/key-members/slips"),
    ("figures", "organiser", "en-GB", "light", DESK, "/classes/branch-leaders/figures?by=unit"),
]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with socket.socket() as free, tempfile.TemporaryDirectory() as data:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "forum.cli", "demo", "--data", data, "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            _wait_for(f"http://127.0.0.1:{port}/sign-in", server)
            with sync_playwright() as playwright:
                path = shutil.which("chromium") or shutil.which("google-chrome")
                browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
                for picture in PICTURES:
                    _take(browser, f"http://127.0.0.1:{port}", *picture)
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        try:
            urlopen(address).close()
        except URLError:
            if server.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the demonstration did not answer")


def _take(
    browser: Browser, site: str, name: str, who: str, language: str, scheme: str, size: dict[str, int], path: str
) -> None:
    context = browser.new_context(
        viewport=size,
        locale=language,
        color_scheme=scheme,
        timezone_id="Asia/Shanghai",
        is_mobile=size is PHONE,
        has_touch=size is PHONE,
    )
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("[name=email]", f"{who}@example.org")
    page.fill("[name=password]", "training-forum")
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{site}/")
    page.goto(site + path)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main()
