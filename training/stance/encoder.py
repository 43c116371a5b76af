"""BERT and MPNet encoders in plain torch, read from safetensors.

Written out here rather than taken from a library so that one file trains the small model and
its teacher with the same token ids, runs on any torch from 2.4 on, and exports to ONNX without
surprises. Parity with the original implementations is checked by ``python encoder.py DIR``.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

CLS, SEP, PAD = 101, 102, 0  # in the 30,522-entry WordPiece vocabulary


def dropped(x: Tensor, share: float) -> Tensor:
    """Return ``x`` under dropout; nothing is launched where there is none."""
    return functional.dropout(x, share) if share else x


class Layer(nn.Module):
    """One post-norm transformer layer with a fused query-key-value projection."""

    def __init__(self, width: int, heads: int, inner: int, *, dropout: float, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.attention_dropout = dropout
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=eps)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=eps)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """Return ``x`` after attention (additive ``bias``) and the feed-forward block."""
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in self.qkv(x).chunk(3, -1)
        )
        drop = self.dropout if self.training else 0.0
        lost = self.attention_dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias, dropout_p=lost)
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        x = self.norm1(x + dropped(mixed, drop))
        inner = self.down(functional.gelu(self.up(x)))
        return self.norm2(x + dropped(inner, drop))


class Encoder(nn.Module):
    """BERT (``model_type`` bert) or MPNet (mpnet), taking BERT token ids in both cases."""

    def __init__(self, config: dict, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.kind = config["model_type"]
        self.config = config
        width, eps = config["hidden_size"], config["layer_norm_eps"]
        self.width = width
        self.words = nn.Embedding(config["vocab_size"], width)
        self.positions = nn.Embedding(config["max_position_embeddings"], width)
        self.dropout = dropout
        self.norm = nn.LayerNorm(width, eps=eps)
        if self.kind == "bert":
            self.types = nn.Embedding(config["type_vocab_size"], width)
        else:
            self.relative = nn.Embedding(
                config["relative_attention_num_buckets"], config["num_attention_heads"]
            )
        self.layers = nn.ModuleList(
            Layer(
                width,
                config["num_attention_heads"],
                config["intermediate_size"],
                dropout=dropout,
                eps=eps,
            )
            for _ in range(config["num_hidden_layers"])
        )

    def buckets(self, length: int, device: torch.device) -> Tensor:
        """Return MPNet's relative position buckets, (length, length) (T5, 2020, section 2.1)."""
        half = self.config["relative_attention_num_buckets"] // 2
        exact, furthest = half // 2, 128
        at = torch.arange(length, device=device)
        gap = at[:, None] - at[None, :]  # context minus memory
        side = (gap < 0).long() * half
        gap = gap.abs()
        scale = math.log(furthest / exact)
        large = (
            exact + (torch.log(gap.clamp(min=1).float() / exact) / scale * (half - exact)).long()
        )
        return side + torch.where(gap < exact, gap, large.clamp(max=half - 1))

    def forward(self, ids: Tensor, mask: Tensor | None, types: Tensor | None = None) -> Tensor:
        """Return hidden states (batch, length, width) for BERT ids.

        ``mask`` is 1 on tokens; None says that all are, which lets faster kernels be chosen.
        """
        length = ids.shape[1]
        at = torch.arange(length, device=ids.device)
        if self.kind == "bert":
            x = self.words(ids) + self.positions(at)
            x = x + (self.types(types) if types is not None else self.types.weight[0])
        else:
            moved = ids + 4  # MPNet's vocabulary is BERT's behind four entries of its own
            moved = torch.where(ids == CLS, 0, moved)
            moved = torch.where(ids == SEP, 2, moved)
            moved = torch.where(ids == PAD, 1, moved)
            x = self.words(moved) + self.positions(at + 2)
        x = dropped(self.norm(x), self.dropout if self.training else 0.0)
        dtype = (
            torch.get_autocast_dtype(x.device.type)
            if torch.is_autocast_enabled(x.device.type)
            else x.dtype
        )
        bias = None if mask is None else (1 - mask[:, None, None, :].to(dtype)) * -30000.0
        if self.kind == "mpnet":
            room = -(-length // 16) * 16  # rows of an aligned length spare a copy
            wide = self.relative(self.buckets(room, ids.device)).permute(2, 0, 1).to(dtype)
            relative = wide.contiguous()[None, :, :length, :length]
            bias = relative if bias is None else bias + relative
        for layer in self.layers:
            x = layer(x, bias)
        return x


def device_for_training() -> torch.device:
    """Return the accelerator, or the processor where there is none.

    cuDNN's attention plans each new shape anew, and our batches have many shapes: it is left out.
    """
    if not torch.cuda.is_available():
        return torch.device("cpu")
    torch.backends.cuda.enable_cudnn_sdp(False)
    return torch.device("cuda")


def load(folder: Path, *, dropout: float = 0.1) -> Encoder:
    """Return the encoder stored in ``folder`` (config.json, model.safetensors, any float type).

    A folder with ``config.json`` alone gives untrained weights, for a caller that has all of them.
    """
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text())
    if not list(folder.glob("*.safetensors")):
        return Encoder(config, dropout=dropout)
    weights = {}
    for part in sorted(folder.glob("*.safetensors")):
        weights.update(load_file(part))
    state = {name.removeprefix("mpnet.").removeprefix("bert."): w for name, w in weights.items()}
    encoder = Encoder(config, dropout=dropout)
    mine: dict[str, Tensor] = {
        "words.weight": state["embeddings.word_embeddings.weight"],
        "positions.weight": state["embeddings.position_embeddings.weight"],
        "norm.weight": state["embeddings.LayerNorm.weight"],
        "norm.bias": state["embeddings.LayerNorm.bias"],
    }
    bert = config["model_type"] == "bert"
    if bert:
        mine["types.weight"] = state["embeddings.token_type_embeddings.weight"]
    else:
        mine["relative.weight"] = state["encoder.relative_attention_bias.weight"]
    names = (
        (
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
        )
        if bert
        else (
            "attention.attn.q",
            "attention.attn.k",
            "attention.attn.v",
            "attention.attn.o",
            "attention.LayerNorm",
        )
    )
    for i in range(config["num_hidden_layers"]):
        for tail in ("weight", "bias"):
            old = f"encoder.layer.{i}."
            mine[f"layers.{i}.qkv.{tail}"] = torch.cat(
                [state[f"{old}{n}.{tail}"] for n in names[:3]]
            )
            for new, name in (
                ("out", names[3]),
                ("norm1", names[4]),
                ("up", "intermediate.dense"),
                ("down", "output.dense"),
                ("norm2", "output.LayerNorm"),
            ):
                mine[f"layers.{i}.{new}.{tail}"] = state[f"{old}{name}.{tail}"]
    encoder.load_state_dict({name: w.float() for name, w in mine.items()})
    return encoder


def main() -> None:
    """Print the largest difference from the library's own model for one batch."""
    import sys

    from transformers import AutoModel

    folder = Path(sys.argv[1])
    theirs = AutoModel.from_pretrained(folder).eval()
    ours = load(folder).eval()
    ids = torch.randint(1000, 20000, (2, 150))
    ids[:, 0], ids[:, -1] = CLS, SEP
    mask = torch.ones_like(ids)
    ids[1, 100:], mask[1, 100:] = PAD, 0
    moved = ids
    if ours.kind == "mpnet":
        moved = ids + 4
        moved[ids == CLS], moved[ids == SEP], moved[ids == PAD] = 0, 2, 1
    with torch.no_grad():
        gap = ours(ids, mask) - theirs(input_ids=moved, attention_mask=mask).last_hidden_state
    print(f"largest difference on tokens: {(gap.abs() * mask[:, :, None]).max():.2e}")


if __name__ == "__main__":
    main()
