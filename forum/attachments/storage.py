"""Where the bytes are: a folder beside the data, or a bucket that speaks S3."""

import io
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from forum.config import Settings

log = logging.getLogger(__name__)

_SMALL = "-small"


class StorageFailed(Exception):
    """No room, no right, no answer."""


class Storage(Protocol):
    def write(self, key: str, data: bytes) -> None: ...

    def read(self, key: str) -> Path | io.BytesIO | None:
        """None: it is not there."""

    def delete(self, key: str) -> None:
        """Also what is not there."""


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, key: str, data: bytes) -> None:
        """There whole or not at all, and for its owner only."""
        file = self._file(key)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.part")
        descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(descriptor)
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def read(self, key: str) -> Path | None:
        file = self._file(key)
        return file if file.is_file() else None

    def delete(self, key: str) -> None:
        self._file(key).unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        return self._path / key[:2] / key


class Bucket:
    """`s3://KEY:SECRET@HOST/BUCKET?region=NAME`; `s3+http://` where the way there is private."""

    def __init__(self, url: str) -> None:
        import boto3  # type: ignore[import-untyped]
        from botocore.config import Config  # type: ignore[import-untyped]

        parts = urlsplit(url)
        scheme = "http" if parts.scheme == "s3+http" else "https"
        self._bucket = parts.path.strip("/")
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=f"{scheme}://{parts.netloc.rpartition('@')[2]}",
            aws_access_key_id=unquote(parts.username or ""),
            aws_secret_access_key=unquote(parts.password or ""),
            region_name=parse_qs(parts.query).get("region", ["us-east-1"])[0],
            config=Config(connect_timeout=5, read_timeout=30, s3={"addressing_style": "path"}),
        )

    def write(self, key: str, data: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=data)

    def read(self, key: str) -> io.BytesIO | None:
        try:
            return io.BytesIO(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        except self._client.exceptions.NoSuchKey:
            return None

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)


def storage() -> Storage:
    """The application's own, made when it is first asked for."""
    settings: Settings = current_app.extensions["settings"]
    kept: Storage | None = current_app.extensions.get("storage")
    if kept is None:
        kept = Bucket(settings.uploads_url) if settings.uploads_url else Folder(settings.uploads)
        current_app.extensions["storage"] = kept
    return kept


def put(data: bytes, small: bytes | None) -> str:
    """The key under which both are found again. StorageFailed: neither is there."""
    key = secrets.token_hex(16)
    try:
        storage().write(key, data)
        if small is not None:
            storage().write(key + _SMALL, small)
    except Exception as error:
        # The ways to a bucket have errors of many kinds.
        log.warning("An upload could not be kept: %s", type(error).__name__)
        with suppress(Exception):
            drop(key)
        raise StorageFailed from error
    return key


def get(key: str, small: bool = False) -> Path | io.BytesIO | None:
    return storage().read(key + _SMALL if small else key)


def drop(key: str) -> None:
    storage().delete(key)
    storage().delete(key + _SMALL)
