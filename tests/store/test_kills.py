"""R1: writers, a publisher and a sender of replies are killed; what was acknowledged is there once, and whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = Path(__file__).with_name("kills.py")


def killed(folder, address, *, n):
    done = subprocess.run(
        [sys.executable, str(KILLS), str(folder), address, str(n), "r1"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    said = json.loads(done.stdout)
    assert said["faults"] == []
    assert said["kills"] == n
    assert said["signed"] > n
    assert said["published"] > 0
    assert said["replies"] >= n
    return said


def test_r1_50_kills_lose_no_acknowledged_sign_off(tmp_path):
    killed(tmp_path / "desk", "", n=50)


def test_r1_clients_killed_at_their_work_leave_postgresql_whole(tmp_path, new_postgresql):
    killed(tmp_path / "desk", new_postgresql(), n=10)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_r1_1000_kills_lose_no_acknowledged_sign_off(tmp_path):
    killed(tmp_path / "desk", "", n=1_000)
