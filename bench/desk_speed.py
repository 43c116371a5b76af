"""How fast the desk answers: pages one at a time, public pages at once, and pages during a flood.

Runs `onrecord serve` as a process of its own on loopback over a desk that `bench.desk_load` filled.
Times are of the clock, so other work on the machine counts; processor time is the server's own.

    python -m bench.desk_speed FOLDER [--database ...] [--flood 10000]
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from onrecord.newsroom.spam_proof import new_proof

N_ASKED = 100
FLOOD_SECONDS, FLOOD_SOURCES = 60.0, 500


@contextlib.contextmanager
def serving(folder: Path, database: str) -> Iterator[tuple[int, int]]:
    """The port and the process id of a server over a desk."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {
        **os.environ,
        "ONRECORD_FOLDER": str(folder),
        "ONRECORD_DATABASE": database,
        "ONRECORD_SERVE_PORT": str(port),
        "ONRECORD_SERVE_TRUSTED_PROXIES": "127.0.0.1",
        "ONRECORD_NEWSROOM_URL": f"http://127.0.0.1:{port}",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "onrecord", "serve", "--no-worker"]
    running = subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        yield port, running.pid
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(timeout=30)


class Client:
    """One kept connection that counts what it got."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"cookie": f"onrecord_session={cookie}"} if cookie else {}

    def ask(self, path: str, *, body: str = "", sender: str = "") -> tuple[int, float, int]:
        """Status, seconds and bytes of an answer."""
        headers = dict(self.headers)
        if sender:
            headers["x-forwarded-for"] = sender
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        self.connection.request("POST" if body else "GET", path, body or None, headers)
        answer = self.connection.getresponse()
        size = len(answer.read())
        return answer.status, time.perf_counter() - start, size


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pages(loaded: dict[str, list[str]]) -> dict[str, list[str]]:
    """The addresses that are asked for, by what they are."""
    records, checks = loaded["records"], loaded["checks"]
    n = range(N_ASKED)
    return {
        "queue": ["/desk" for _ in n],
        "queue, later pages": [f"/desk?after={0.9 - 0.008 * i}:1" for i in n],
        "queue, words": [f"/desk?words=bridge+hospital+{i}" for i in n],
        "queue, kind and site": [f"/desk?kind=quantity&site=paper{i % 40}.example" for i in n],
        "records": [f"/desk/records?before={len(records) - 150 * i}" for i in n],
        "record": [f"/desk/records/{records[(i * 197) % len(records)]}" for i in n],
        "reviews": ["/desk/reviews" for _ in n],
        "moderation": ["/desk/replies?state=held" for _ in n],
        "dashboard": ["/desk/dashboard" for _ in n],
        "public index": ["/" for _ in n],
        "public search": [f"/?words=bridge+{i}" for i in n][:20],
        "public check": [f"/checks/{checks[(i * 19) % len(checks)]}" for i in n],
        "public replies": [f"/checks/{checks[(i * 19) % len(checks)]}/replies" for i in n],
        "feed": ["/feeds/checks.atom" for _ in n][:20],
        "data feed": ["/feeds/claimreview.json" for _ in n][:5],
        "corrections": ["/corrections" for _ in n][:20],
    }


def one_at_a_time(
    port: int, pid: int, loaded: dict[str, list[str]], cookie: str, n_asked: int
) -> None:
    """Prints median and p95 of each kind of page, and the server's processor time for one."""
    client = Client(port, cookie)
    for name, every in pages(loaded).items():
        paths = every[:: max(1, len(every) // n_asked)]
        client.ask(paths[0])
        before = cpu_seconds(pid)
        found = [client.ask(path) for path in paths]
        cpu = (cpu_seconds(pid) - before) / len(paths)
        statuses = {status for status, _, _ in found}
        seconds = sorted(each for _, each, _ in found)
        p95 = seconds[int(0.95 * (len(seconds) - 1))]
        print(
            f"{name:22} p50 {1000 * statistics.median(seconds):7.1f} ms  p95 {1000 * p95:7.1f} ms  "
            f"cpu {1000 * cpu:6.1f} ms  {max(size for *_, size in found) // 1000:5} kB  {statuses}"
        )


def at_once(port: int, pid: int, loaded: dict[str, list[str]], *, seconds: float = 10.0) -> None:
    """Prints how many public pages a second are answered to four readers."""
    checks = loaded["checks"]
    until = time.monotonic() + seconds
    counts = [0] * 4

    def read(number: int) -> None:
        client = Client(port)
        while time.monotonic() < until:
            status, _, _ = client.ask(
                f"/checks/{checks[(number + counts[number] * 7) % len(checks)]}"
            )
            counts[number] += status == 200

    before = cpu_seconds(pid)
    readers = [threading.Thread(target=read, args=(n,)) for n in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    used = cpu_seconds(pid) - before
    print(
        f"public pages: {sum(counts) / seconds:.0f} a second by the clock, "
        f"{sum(counts) / used:.0f} for a second of processor time"
    )


def flood(
    port: int, pid: int, folder: Path, loaded: dict[str, list[str]], cookie: str, *, n: int
) -> None:
    """Prints how many replies a second are taken, and how long an editor's page takes meanwhile.

    Each sender goes on until its time is over, so that the share of answers that came in time shows
    whether the desk keeps up.
    """
    key = (folder / "desk.key").read_bytes()
    until = time.monotonic() + FLOOD_SECONDS * n / 10_000
    statuses: dict[int, int] = {}
    lock = threading.Lock()

    def send(part: int) -> None:
        client = Client(port)
        for number in range(part, n, 8):
            if time.monotonic() > until:
                return
            check = loaded["checks"][number % 20]
            body = {
                "kind": "comment",
                "name": f"Sender {number}",
                "text": f"Buy number {number} now at https://shop{number % 90}.example/ cheap",
                "email": "",
                "parent": "",
                "proof": new_proof(key, check, now=datetime.now(UTC)),
            }
            source = number % FLOOD_SOURCES
            status, _, _ = client.ask(
                f"/checks/{check}/replies",
                body=urlencode(body),
                sender=f"100.{64 + source // 250}.{source % 250}.9",
            )
            with lock:
                statuses[status] = statuses.get(status, 0) + 1

    begun, before = time.perf_counter(), cpu_seconds(pid)
    senders = [threading.Thread(target=send, args=(part,)) for part in range(8)]
    for sender in senders:
        sender.start()
    editor, times = Client(port, cookie), []
    paths = ["/desk", f"/desk/records/{loaded['records'][5]}", "/desk/replies?state=held"]
    while any(sender.is_alive() for sender in senders):
        times.append(editor.ask(paths[len(times) % 3])[1])
        time.sleep(0.1)
    for sender in senders:
        sender.join()
    taken, used = time.perf_counter() - begun, cpu_seconds(pid) - before
    times.sort()
    n_answered = sum(statuses.values())
    print(
        f"flood: {n_answered} of {n} answered in {taken:.1f} s {statuses}, "
        f"{n_answered / taken:.0f} a second by the clock, {n_answered / used:.0f} for a second of "
        f"processor time; an editor's page p50 "
        f"{1000 * statistics.median(times):.0f} ms, p95 {1000 * times[int(0.95 * len(times))]:.0f} ms"
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--flood", type=int, default=0)
    parser.add_argument(
        "--asked", type=int, default=N_ASKED, help="pages of each kind; 0: the flood alone"
    )
    given = parser.parse_args()
    loaded = json.loads((given.folder / "loaded.json").read_text(encoding="utf-8"))
    cookie = loaded["cookie"]
    with serving(given.folder, given.database) as (port, pid):
        if given.asked:
            one_at_a_time(port, pid, loaded, cookie, given.asked)
            at_once(port, pid, loaded)
        if given.flood:
            flood(port, pid, given.folder, loaded, cookie, n=given.flood)


if __name__ == "__main__":
    main()
