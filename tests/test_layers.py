"""Which way imports point, and what the analysis never touches."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "onrecord"
MODULES = sorted(SOURCE.rglob("*.py"))

WITHOUT_SOCKETS = """
import socket, sys
def refuse(*a, **k):
    raise AssertionError("a socket was opened")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
import onrecord
record = onrecord.check({page!r})
assert record.attributions, "the example has attributions"
assert not record.problems, record.problems
for name in ("sqlite3", "sqlalchemy", "torch", "spacy"):
    assert name not in sys.modules, name
"""


def test_a_page_is_checked_without_network_and_database():
    script = WITHOUT_SOCKETS.format(page=str(ROOT / "examples" / "bridge.html"))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_module_can_unpickle_or_evaluate_text(path: Path):
    forbidden = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "torch"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & forbidden
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in forbidden
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec", "compile", "__import__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_only_the_command_line_prints(path: Path):
    if path.name.startswith("cli"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print"


def test_the_core_uses_the_standard_library_only():
    names = ("record", "span", "terms", "errors", "ports", "selectors", "settings")
    known = sys.stdlib_module_names | {"onrecord"}
    for name in names:
        tree = ast.parse((SOURCE / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert all(alias.name.split(".")[0] in known for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] in known


def test_the_import_contracts_hold():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_package_is_named_for_nothing():
    names = {"utils", "util", "helpers", "helper", "common", "manager", "service", "base", "misc"}
    assert not [p for p in MODULES if p.stem in names or p.parent.name in names]


def test_public_names_are_few_and_resolve():
    import onrecord

    assert len(onrecord.__all__) <= 15
    for name in onrecord.__all__:
        assert getattr(onrecord, name) is not None
