"""The commands and the program of the guide run against a desk that listens."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import uvicorn

from onrecord.store import accounts, newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState, Role
from onrecord.web.app import make_app

GUIDE = Path(__file__).parent.parent.parent / "docs" / "guides" / "api.md"


@pytest.fixture
def served(office, add_account):
    """The environment of a program: a desk on loopback, and an editor's token."""
    account = add_account("Ada", Role.EDITOR)
    act = Act(account.id, "test", office.now())
    token = accounts.new_token(office.engine, account.id, name="guide", act=act)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(make_app(office), log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        for _ in range(100):
            if server.started:
                break
            time.sleep(0.05)
        assert server.started
        own = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        yield own | {"DESK": f"http://127.0.0.1:{port}", "TOKEN": token, "no_proxy": "*"}
        server.should_exit = True
        thread.join(10)


def run(command, served):
    return subprocess.run(
        command, env=served, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_commands_of_the_guide_run(served):
    commands = re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert len(commands) == 3
    for command in commands:
        done = run(["bash", "-euc", command], served)
        assert done.returncode == 0, done.stdout + done.stderr
    assert run(["bash", "-euc", commands[0]], served | {"TOKEN": "x"}).returncode != 0


def test_the_program_of_the_guide_signs_a_review(served, office):
    [program] = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    done = run([sys.executable, "-c", program], served)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 signatures" in done.stdout
    [stored] = newsroom.with_states(office.engine, [ReviewState.IN_REVIEW])
    assert stored.review.signatures[0].name == "Ada"
