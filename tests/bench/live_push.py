"""One push to many clients in one room, from one process: our transport beside Node's Socket.IO 4.

`python -m tests.bench.live_push [--clients 1000] [--rounds 10] [--pushes 10] [--kind greenlets]`
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.live_clients import Clients
from tests.realtime.options import Options

CHECKOUT = Path(__file__).resolve().parents[2]
HTML = "<p>听完报告，我对“把课堂搬到田间地头”有了新的认识。</p>".replace('"', "'") * 14


class Server:
    def __init__(self, port: int, process: "subprocess.Popen[bytes]", name: str) -> None:
        self.port, self.process, self.name = port, process, name

    @property
    def pid(self) -> int:
        """Of the process that holds the sockets: gunicorn's worker, or Node itself."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else self.process.pid

    def kilobytes(self) -> int:
        """Resident."""
        line = next(line for line in Path(f"/proc/{self.pid}/status").read_text().splitlines() if "VmRSS" in line)
        return int(line.split()[1])

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def ours(kind: str) -> Iterator[Server]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(4096)
        listening.set_inheritable(True)
        patched = ["-m", "gevent.monkey", "--module"] if kind == "greenlets" else ["-m"]
        options = [str(listening.fileno()), Options().as_argument()]
        command = [sys.executable, *patched, "tests.realtime.server", *options]
        with started(command, listening.getsockname()[1], "ours", CHECKOUT, (listening.fileno(),)) as server:
            yield server


@contextmanager
def nodes(folder: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", "socket.io@4"]
    subprocess.run(install, cwd=folder, check=True)
    node = shutil.which("node")
    assert node
    with started([node, str(CHECKOUT / "tests/bench/live_push.mjs"), str(port)], port, "node", folder) as server:
        yield server


@contextmanager
def started(command: list[str], port: int, name: str, folder: Path, files: tuple[int, ...] = ()) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=folder, pass_fds=files)
    try:
        for _ in range(300):
            try:
                Clients(port, 1).close()
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)
        yield Server(port, process, name)
    finally:
        process.terminate()
        process.wait(timeout=30)


def percentile(times: list[float], part: float) -> float:
    return 1000 * times[min(len(times) - 1, int(len(times) * part))]


def measure(server: Server, clients: Clients, pushes: int, mark: str) -> tuple[list[float], float]:
    """All receive times of some pushes, sorted, and the server's microseconds a message."""
    before, times = server.cpu_seconds(), []
    for number in range(pushes):
        times += clients.push(f"{mark}.{number}.", HTML)
    spent = server.cpu_seconds() - before
    return sorted(times), 1e6 * spent / len(times)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pushes", type=int, default=10)
    parser.add_argument("--kind", choices=["greenlets", "threads"], default="greenlets")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pairs = []
        for server in (stack.enter_context(ours(arguments.kind)), stack.enter_context(nodes(folder))):
            before = server.kilobytes()
            clients = Clients(server.port, arguments.clients)
            stack.callback(clients.close)
            clients.push("first", HTML)
            grown = (server.kilobytes() - before) / arguments.clients
            print(f"{server.name}: {grown:.1f} kB a client, {before / 1024:.0f} MB without", flush=True)
            pairs.append((server, clients))
        compare(pairs, arguments.rounds, arguments.pushes)


def compare(pairs: list[tuple[Server, Clients]], rounds: int, pushes: int) -> None:
    seen: dict[str, list[tuple[float, float, float]]] = {server.name: [] for server, _clients in pairs}
    for turn in range(rounds):
        for server, clients in pairs if turn % 2 else reversed(pairs):
            for _other, waiting in pairs:
                waiting.answer_pings()
            times, cpu = measure(server, clients, pushes, f"{turn}")
            row = tuple(percentile(times, part) for part in (0.5, 0.95, 0.99))
            seen[server.name].append(row)  # type: ignore[arg-type]
            words = "/".join(f"{value:.0f}" for value in row)
            print(f"round {turn:2} {server.name:5} p50/p95/p99 {words} ms, {cpu:.0f} us a message", flush=True)
    for name, rows in seen.items():
        middle = "/".join(f"{statistics.median(column):.1f}" for column in zip(*rows, strict=True))
        print(f"{name}: median of the rounds' p50/p95/p99 {middle} ms")
    ratios = [mine[1] / theirs[1] for mine, theirs in zip(seen["ours"], seen["node"], strict=True)]
    print(f"p95, ours to Node's: {statistics.median(ratios):.2f} (bar: 1.0)")


if __name__ == "__main__":
    main()
