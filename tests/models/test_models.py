"""Packaged models: found by name, refused when altered."""

from __future__ import annotations

import hashlib

import pytest

from onrecord.errors import ModelError
from onrecord.models import installed, open_model, open_session


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    (place / "weights.bin").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    (place / "manifest.toml").write_text(f'task = "none"\n[files]\n"weights.bin" = "{digest}"\n')
    return tmp_path


def test_a_model_opens_with_its_manifest(folder):
    model = open_model("small", folder)
    assert installed(folder) == ("small",)
    assert model.manifest["task"] == "none"
    assert model.file("weights.bin").read_bytes() == b"weights"


def test_an_altered_file_is_refused_by_name(folder):
    (folder / "small" / "weights.bin").write_bytes(b"weighty")
    with pytest.raises(ModelError, match=r"weights.bin.*SHA-256.*expected.*altered"):
        open_model("small", folder)


def test_a_missing_file_is_refused_by_name(folder):
    (folder / "small" / "weights.bin").unlink()
    with pytest.raises(ModelError, match=r"weights.bin.*cannot be read"):
        open_model("small", folder)


def test_an_unknown_model_names_those_installed(folder):
    with pytest.raises(ModelError, match=r"'large' not found; installed: small"):
        open_model("large", folder)


def test_a_file_outside_the_manifest_is_not_given(folder):
    with pytest.raises(ModelError, match=r"no file 'other.bin'"):
        open_model("small", folder).file("other.bin")


@pytest.mark.parametrize("manifest", ["files = 3", "not toml [", "task = 'x'"])
def test_a_manifest_without_digests_is_refused(folder, manifest):
    (folder / "small" / "manifest.toml").write_text(manifest)
    with pytest.raises(ModelError, match=r"manifest[.]toml"):
        open_model("small", folder)


def test_a_file_that_is_no_graph_is_refused(folder):
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_session(folder / "small" / "weights.bin")
