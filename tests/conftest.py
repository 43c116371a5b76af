"""Fixtures that every test file may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _shared_folder() -> Path:
    return Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside corpora and cases; the test is skipped where it is absent."""
    folder = _shared_folder()
    if not (folder / "corpora").is_dir():
        pytest.skip("the folder of outside corpora is absent (set ONRECORD_SHARED)")
    return folder
