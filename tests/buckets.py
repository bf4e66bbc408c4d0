"""Buckets for tests: of a real S3 server on this machine, and of servers that fail."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

_LISTED = b"<ListBucketResult><Contents><Key>abcdef</Key></Contents></ListBucketResult>"


class BucketServer:
    """Its secret has what an address must write otherwise."""

    def __init__(self) -> None:
        self._server, self._made = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False), 0
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.host = f"{host}:{port}"
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=f"http://{self.host}",
            aws_access_key_id="k",
            aws_secret_access_key="s/+",
            region_name="eu-west-1",
        )

    def address(self, bucket: str) -> str:
        return f"s3+http://k:s%2F%2B@{self.host}/{bucket}?region=eu-west-1"

    def new(self) -> str:
        self._made += 1
        where = {"LocationConstraint": "eu-west-1"}
        self.client.create_bucket(Bucket=f"uploads-{self._made}", CreateBucketConfiguration=where)
        return self.address(f"uploads-{self._made}")

    def stop(self) -> None:
        self._server.stop()


@contextmanager
def silence() -> Iterator[str]:
    """Nobody answers there."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        yield f"s3+http://k:s@127.0.0.1:{nobody.getsockname()[1]}/uploads"


class _CutsShort(BaseHTTPRequestHandler):
    """Lists one file, and breaks off in its middle."""

    def do_GET(self) -> None:
        is_list = "list-type=" in self.path
        self.send_response(200)
        self.send_header("Content-Length", str(len(_LISTED) if is_list else 100))
        self.end_headers()
        self.wfile.write(_LISTED if is_list else b"ten bytes.")

    def log_message(self, *_words: Any) -> None:
        pass


@contextmanager
def cut_short() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _CutsShort) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"s3+http://k:s@127.0.0.1:{server.server_port}/uploads"
        server.shutdown()
        thread.join()
