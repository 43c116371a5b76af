"""Live sources are tested by words alone: weights are tested where they live."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def without_weights(monkeypatch):
    monkeypatch.setattr("onrecord.library.packaged_embedder", lambda: None)
