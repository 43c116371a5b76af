"""`onrecord serve` as a process: what it starts ends with it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest


def children(process: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        found += [int(one) for one in path.read_text().split()]
    return found


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text())


@pytest.mark.skipif(sys.platform != "linux", reason="children are read from /proc")
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_with_its_server(tmp_path, stop):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings, log = tmp_path / "onrecord.toml", tmp_path / "log"
    settings.write_text(f'folder = "{tmp_path / "data"}"\n[serve]\nport = {port}\n')
    command = [sys.executable, "-m", "onrecord", "serve", "--settings", str(settings)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, cwd=tmp_path)
    try:
        wait_for(port, server, log)
        (worker,) = children(server.pid)
        server.send_signal(stop)
        server.wait(timeout=30)
        assert not Path(f"/proc/{worker}").exists(), log.read_text()
    finally:
        server.kill()
        server.wait(timeout=30)
