"""The options of the command line that decide what a view shows, on a small collection."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from onrecord.show.wording_evidence import UNSIGNED, WHO_DECIDES

ARTICLE = (
    "The Tern Bridge\n\nThe Tern Bridge in Ternby cost 12 million euros in 2024, Ada Quill said.\n"
)
DOCUMENT = "The Tern Bridge in Ternby cost 12 million euros in 2024. It was opened by the mayor.\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    (folder / "onrecord.toml").write_text('[stages]\nevidence = "rules"\nattribute = "rules"\n')
    (folder / "ledger.txt").write_text(DOCUMENT)
    (folder / "page.txt").write_text(ARTICLE)

    def command(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "onrecord", *arguments],
            cwd=folder,
            env={**os.environ, "ONRECORD_FOLDER": str(folder / "store")},
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )

    added = command("evidence", "add", "ledger.txt")
    assert added.returncode == 0, added.stderr
    return command


@pytest.mark.parametrize("form", [(), ("--json",), ("--annotations",)])
def test_a_working_copy_of_anything_but_page_and_sheet_is_wrong_usage(run, form):
    done = run("check", "page.txt", "--working-copy", *form)
    assert done.returncode == 2
    assert "--working-copy goes with --html or --worksheet" in done.stderr


@pytest.mark.parametrize("form", ["--html", "--worksheet"])
def test_only_a_working_copy_has_proposals_and_says_so(run, form):
    plain = run("check", "page.txt", form)
    working = run("check", "page.txt", form, "--working-copy")
    assert plain.returncode == working.returncode == 0, plain.stderr + working.stderr
    assert UNSIGNED not in plain.stdout
    assert WHO_DECIDES not in plain.stdout
    assert "passage" in plain.stdout
    assert working.stdout.count(UNSIGNED) == 2


def test_the_terminal_shows_the_state_of_the_collection_or_what_is_proposed(run):
    out = run("check", "page.txt").stdout
    assert WHO_DECIDES in " ".join(out.split()) or "Nothing in this collection (1 document)" in out


def test_a_typed_claim_is_answered_from_the_collection(run):
    told = json.loads(
        run("claim", "The Tern Bridge in Ternby cost 12 million euros", "--json").stdout
    )
    assert told["collection"]["n_documents"] == 1
    assert told["evidence"][0]["passage"]["text"].startswith("The Tern Bridge in Ternby")
    assert told["verdict"]["claim"] == "typed"
    nothing = run("claim", "Grapes ripen on the moon of Saturn").stdout
    assert "Nothing in this collection (1 document) settles this" in nothing
