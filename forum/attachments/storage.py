"""Where the bytes are: a folder beside the data, or a bucket that speaks S3."""

import io
import logging
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from shutil import copyfileobj
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from forum.config import Settings
from forum.i18n import gettext as _

log = logging.getLogger(__name__)

_SMALL, _PART = "-small", ".part"
_KEY = re.compile(r"\w[\w.-]*", re.ASCII)
# Keys that are asked for at once, and how often anything is asked of a bucket that does not answer.
_AT_ONCE, _ATTEMPTS = 1000, 3


class StorageFailed(Exception):
    """No room, no right, no answer: a sentence for whoever runs the forum."""


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class Storage(Protocol):
    def write(self, key: str, data: bytes) -> None: ...

    def add(self, key: str, stream: Readable) -> None:
        """The same, a piece at a time."""

    def read(self, key: str) -> Path | io.BytesIO | None:
        """None: it is not there."""

    def opened(self, key: str) -> AbstractContextManager[Readable | None]:
        """The same, to be read a piece at a time."""

    def delete(self, key: str) -> None:
        """Also what is not there."""

    def all_keys(self) -> Iterator[str]:
        """Some at a time; not what is there of somebody else's, or half written."""

    def is_empty(self) -> bool:
        """Nothing is there at all, whosever it is."""


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, key: str, data: bytes) -> None:
        self.add(key, io.BytesIO(data))

    def add(self, key: str, stream: Readable) -> None:
        """There whole or not at all, and for its owner only."""
        file = self._file(key)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = file.with_name(file.name + _PART)
        descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as target:
                copyfileobj(stream, target)
                target.flush()
                os.fsync(descriptor)
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def read(self, key: str) -> Path | None:
        file = self._file(key)
        return file if file.is_file() else None

    @contextmanager
    def opened(self, key: str) -> Iterator[Readable | None]:
        try:
            stream = self._file(key).open("rb")
        except FileNotFoundError:
            yield None
            return
        with stream:
            yield stream

    def delete(self, key: str) -> None:
        self._file(key).unlink(missing_ok=True)

    def all_keys(self) -> Iterator[str]:
        for folder in sorted(self._path.iterdir()) if self._path.is_dir() else ():
            names = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else ()
            yield from (name for name in names if _is_key(name) and folder.name == name[:2])

    def is_empty(self) -> bool:
        return not any(file.is_file() for file in self._path.rglob("*"))

    def _file(self, key: str) -> Path:
        return self._path / key[:2] / key


class Bucket:
    """`s3://KEY:SECRET@HOST/BUCKET?region=NAME`; `s3+http://` where the way there is private."""

    def __init__(self, url: str) -> None:
        import boto3  # type: ignore[import-untyped]
        from boto3.exceptions import Boto3Error  # type: ignore[import-untyped]
        from boto3.s3.transfer import TransferConfig  # type: ignore[import-untyped]
        from botocore.config import Config  # type: ignore[import-untyped]
        from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]
        from urllib3.exceptions import HTTPError

        parts = urlsplit(url)
        scheme = "http" if parts.scheme == "s3+http" else "https"
        self._bucket, self._host = parts.path.strip("/"), parts.netloc.rpartition("@")[2]
        self._faults = (Boto3Error, BotoCoreError, ClientError, HTTPError)
        self._a_part_at_a_time = TransferConfig(use_threads=False)
        retries = {"total_max_attempts": _ATTEMPTS, "mode": "standard"}
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=f"{scheme}://{self._host}",
            aws_access_key_id=unquote(parts.username or ""),
            aws_secret_access_key=unquote(parts.password or ""),
            region_name=parse_qs(parts.query).get("region", ["us-east-1"])[0],
            config=Config(connect_timeout=5, read_timeout=30, retries=retries, s3={"addressing_style": "path"}),
        )

    def write(self, key: str, data: bytes) -> None:
        with self._answering():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=data)

    def add(self, key: str, stream: Readable) -> None:
        with self._answering():
            self._client.upload_fileobj(stream, self._bucket, key, Config=self._a_part_at_a_time)

    def read(self, key: str) -> io.BytesIO | None:
        with self.opened(key) as stream:
            return io.BytesIO(stream.read()) if stream else None

    @contextmanager
    def opened(self, key: str) -> Iterator[Readable | None]:
        with self._answering():
            try:
                body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
            except self._client.exceptions.NoSuchKey:
                body = None
        if body is None:
            yield None
            return
        with body:
            yield _Answer(body, self._answering)

    def delete(self, key: str) -> None:
        with self._answering():
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def all_keys(self) -> Iterator[str]:
        listing = self._client.get_paginator("list_objects_v2")
        with self._answering():
            for page in listing.paginate(Bucket=self._bucket, PaginationConfig={"PageSize": _AT_ONCE}):
                yield from (entry["Key"] for entry in page.get("Contents", ()) if _is_key(entry["Key"]))

    def is_empty(self) -> bool:
        with self._answering():
            return not self._client.list_objects_v2(Bucket=self._bucket, MaxKeys=1).get("Contents")

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except self._faults as error:
            raise StorageFailed(self._why(error)) from error

    def _why(self, error: Exception) -> str:
        answer = getattr(error, "response", None) or {}
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = answer.get("Error", {}).get("Code") or type(error).__name__
        if code == "NoSuchBucket":
            words = _("%(host)s has no bucket “%(bucket)s”, which FORUM_UPLOADS_URL names.")
        elif status in (401, 403):
            words = _("%(host)s does not admit the key in FORUM_UPLOADS_URL to the bucket “%(bucket)s” (%(code)s).")
        else:
            words = _("%(host)s does not answer as it should for the bucket “%(bucket)s” (%(code)s).")
        return words % {"host": self._host, "bucket": self._bucket, "code": code}


class _Answer:
    """What comes out of a bucket, read as a file is."""

    def __init__(self, body: Any, answering: Callable[[], AbstractContextManager[None]]) -> None:
        self._body, self._answering = body, answering

    def read(self, size: int | None = None, /) -> bytes:
        with self._answering():
            content: bytes = self._body.read(size)
            return content


def _is_key(name: str) -> bool:
    return bool(_KEY.fullmatch(name)) and not name.endswith(_PART)


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
        log.warning("An upload could not be kept: %s", type(error.__cause__ or error).__name__)
        with suppress(Exception):
            drop(key)
        raise StorageFailed from error
    return key


def get(key: str, small: bool = False) -> Path | io.BytesIO | None:
    return storage().read(key + _SMALL if small else key)


def drop(key: str) -> None:
    for one in keys_of(key, is_image=True):
        storage().delete(one)


def keys_of(key: str, is_image: bool) -> list[str]:
    """Of a file, and of what is shown of a picture under its post."""
    return [key, key + _SMALL] if is_image else [key]
