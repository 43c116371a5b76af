"""The documentation runs, and names everything that there is."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"(<!-- not run: [^>]+ -->\n+)?```(python|console)\n(.*?)```", re.DOTALL)


def blocks():
    for page in PAGES:
        for number, (skip, kind, body) in enumerate(FENCE.findall(page.read_text("utf-8")), 1):
            if not skip:
                name = f"{page.relative_to(ROOT)}:{number}"
                yield pytest.param(kind, body, id=name)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A data folder of the documentation's own: blocks build on those before them."""
    return {**os.environ, "ONRECORD_FOLDER": str(tmp_path_factory.mktemp("docs") / "data")}


@pytest.mark.parametrize(("kind", "body"), list(blocks()))
def test_a_block_of_the_documentation_runs(environment, kind, body):
    if kind == "python":
        commands = [([sys.executable, "-c", body], None)]
    else:
        # Folders that the pages name in /tmp are new ones here: what an earlier run left there,
        # made with other settings, is refused.
        body = body.replace("/tmp/onrecord-", f"{Path(environment['ONRECORD_FOLDER']).parent}/")
        commands = []
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            words = shlex.split(command)
            assert words[0] == "onrecord", f"only onrecord's own commands are run: {command}"
            commands.append(([sys.executable, "-m", "onrecord", *words[1:]], shown))
    for command, shown in commands:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        for line in (shown or "").splitlines():
            wanted = line.strip()
            if wanted and wanted != "...":
                # Lines are as wide as the terminal; where they break is not what is documented.
                printed = " ".join(done.stdout.split())
                assert " ".join(wanted.split()) in printed, (
                    f"{wanted!r} is shown but was not printed"
                )


def test_the_reference_is_not_stale():
    command = [sys.executable, "-m", "docs.generate", "--check"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_links_inside_the_documentation_lead_somewhere():
    missing = []
    for page in PAGES:
        targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text("utf-8"))
        missing += [
            f"{page.relative_to(ROOT)}: {target}"
            for target in targets
            if not (page.parent / target).exists()
        ]
    assert not missing


def test_no_path_of_a_machine_is_committed():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not files:
        pytest.skip("not a git checkout")
    pattern = re.compile(r"/(?:w[o]rk|f[a]rm|r[o]ot)/[A-Za-z0-9._]+")
    for name in files:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".json", ".yml"} and path.is_file():
            found = pattern.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{name}: {found.group()}"
