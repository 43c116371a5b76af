"""The reranker, and the two places from which an encoder starts: a packaged embedder, a teacher."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stance"))
from encoder import Encoder, load
from pack import fetched


class Reranker(nn.Module):
    """Query and text read together; one logit."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.dense = nn.Linear(3 * encoder.width, encoder.width)
        self.out = nn.Linear(encoder.width, 1)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        x = self.encoder(ids, mask, types if self.encoder.kind == "bert" else None)
        means = []
        for part in (mask * (1 - types), mask * types):
            w = part.unsqueeze(-1).to(x.dtype)
            means.append((x * w).sum(1) / w.sum(1).clamp(min=1))
        pooled = torch.cat([x[:, 0], means[0] * means[1], (means[0] - means[1]).abs()], -1)
        hidden = torch.tanh(self.dense(functional.dropout(pooled, 0.1, self.training)))
        return self.out(hidden).squeeze(-1).float()


def embedded(encoder: Encoder, ids: Tensor, mask: Tensor) -> Tensor:
    """Return unit vectors (rows, width): the mean of the tokens."""
    x = encoder(ids, mask).float()
    w = mask.unsqueeze(-1).float()
    return functional.normalize((x * w).sum(1) / w.sum(1), dim=-1)


def of_embedder(path: Path, types: Path, config: Path) -> Encoder:
    """Return the encoder of a packaged embedder with its 8-bit weights made float again."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    found = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    state = {
        n.removeprefix("encoder."): w
        for n, w in found.items()
        if n.startswith("encoder.") and n.endswith((".weight", ".bias"))
    }
    for name in ("words", "positions"):
        stem = f"encoder.{name}.weight"
        zero = found[f"{stem}_zero_point"].astype(np.float32)
        values = found[f"{stem}_quantized"].astype(np.float32)
        state[f"{name}.weight"] = (values - zero) * found[f"{stem}_scale"]
    keys = sorted(
        int(n.split("_")[1])
        for n in found
        if n.startswith("onnx::MatMul") and n.endswith("quantized")
    )
    for i, key in enumerate(keys):
        stem = f"onnx::MatMul_{key}"
        values = found[f"{stem}_quantized"].astype(np.float32) - found[f"{stem}_zero_point"]
        layer, place = divmod(i, 4)
        name = f"layers.{layer}.{('qkv', 'out', 'up', 'down')[place]}.weight"
        state[name] = (values * found[f"{stem}_scale"]).T
    state["types.weight"] = np.load(types)
    state["types.weight"][0] = next(w for n, w in found.items() if n.startswith("onnx::Add"))
    encoder = Encoder(json.loads(config.read_text()))
    encoder.load_state_dict({n: torch.from_numpy(np.array(w)) for n, w in state.items()})
    return encoder


def of_parts(folder: Path, config: Path) -> Encoder:
    """Return the teacher's encoder from the parts that ``pack.py squeeze`` wrote."""
    from safetensors.numpy import save_file

    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        (here / "config.json").write_text(config.read_text())
        arrays = {n: np.ascontiguousarray(w) for n, w in fetched(folder).items()}
        save_file(arrays, here / "model.safetensors")
        return load(here)
