"""The packaged models: their manifests, the check of their digests, and their opening.

A model is a folder beside this file with a `manifest.toml`. Weights are read only after the
SHA-256 of every file has been compared with the manifest, so that a damaged or altered file is
refused instead of giving altered findings.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

__all__ = ["Model", "installed", "open_model", "open_session", "stated_digest"]

_FOLDER = Path(__file__).parent
_MANIFEST = "manifest.toml"


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A folder of checked files and what its manifest says."""

    name: str
    folder: Path
    manifest: Mapping[str, Any]

    def file(self, name: str) -> Path:
        """The path of a checked file; `ModelError` when the manifest does not list it."""
        if name not in self.manifest["files"]:
            listed = ", ".join(sorted(self.manifest["files"]))
            raise ModelError(
                f"model {self.name!r} has no file {name!r}; its manifest lists {listed}"
            )
        return self.folder / name


def installed(folder: Path = _FOLDER) -> tuple[str, ...]:
    """The names of the packaged models, sorted."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{_MANIFEST}")))


def open_model(name: str, folder: Path = _FOLDER) -> Model:
    """The model of that name below `folder`, every file compared with its digest.

    Raises `ModelError` when the model, its manifest or a file is missing, or a file is altered.
    Cost: reads every file once.
    """
    place = folder / name
    manifest = _manifest(name, folder)
    for file, expected in manifest["files"].items():
        _compare(place / file, str(expected))
    return Model(name, place, manifest)


def stated_digest(name: str, file: str, folder: Path = _FOLDER) -> str | None:
    """The SHA-256 that a model's manifest states for a file, without reading the file.

    `None` when the manifest is missing or broken or does not list it; `open_model` says why.
    """
    try:
        digest = _manifest(name, folder)["files"].get(file)
    except ModelError:
        return None
    return None if digest is None else str(digest)


def _manifest(name: str, folder: Path) -> Mapping[str, Any]:
    path = folder / name / _MANIFEST
    if not path.is_file():
        known = ", ".join(installed(folder)) or "none"
        raise ModelError(
            f"model {name!r} not found; installed: {known}; install onrecord again, "
            "or choose a stage that needs no model in the settings"
        )
    try:
        manifest = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{str(path)!r} is not readable: {error}; {_AGAIN}") from None
    digests = manifest.get("files")
    if not isinstance(digests, dict) or not digests:
        raise ModelError(f"{str(path)!r} has no table 'files' with a digest each; {_AGAIN}")
    return manifest


_AGAIN = "install onrecord again"


def _compare(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"{str(path)!r} cannot be read ({error.strerror}); expected a file with SHA-256 "
            f"{expected!r}; {_AGAIN}"
        ) from None
    if found != expected:
        raise ModelError(
            f"{str(path)!r} has SHA-256 {found!r}; expected {expected!r}; the file was altered "
            f"or damaged: {_AGAIN}"
        )


def open_session(path: Path, *, threads: int = 1, keeps_buffers: bool = False) -> InferenceSession:
    """An inference session of a checked graph on the processor, with that many threads.

    With `keeps_buffers` it holds on to the memory of its largest reading, for models that read one
    short text at a time: 3 to 5% faster, the same numbers. Raises `ModelError` when the runtime
    cannot load it.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Readings differ in shape: patterns would be kept for each, and the arena never shrinks.
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = keeps_buffers
    try:
        return onnxruntime.InferenceSession(
            str(path), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the runtime has no common base of its errors
        raise ModelError(f"{str(path)!r} cannot be loaded: {error}; {_AGAIN}") from error
