"""The network: a BERT or MPNet encoder, surface features, flat tags, and the cue-conditioned pass.

Written out here rather than taken from a library so that the exported graph holds what we use.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from onrecord.attribution import decode, features, hints

NEVER = -1e4


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self, size, heads, inner, dropout, eps=1e-12):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.norm1 = nn.LayerNorm(size, eps=eps)
        self.up = nn.Linear(size, inner)
        self.down = nn.Linear(inner, size)
        self.norm2 = nn.LayerNorm(size, eps=eps)
        self.dropout = dropout

    def forward(self, x, bias):
        b, n, d = x.shape
        qkv = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        p = self.dropout if self.training else 0.0
        y = F.scaled_dot_product_attention(
            qkv[0],
            qkv[1],
            qkv[2],
            attn_mask=None if bias is None else bias.to(qkv.dtype),
            dropout_p=p,
        )
        y = self.out(y.transpose(1, 2).reshape(b, n, d))
        x = self.norm1(x + F.dropout(y, p, self.training))
        y = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(y, p, self.training))


class Encoder(nn.Module):
    """Word, position and surface embeddings, then the layers."""

    def __init__(self, config, *, surface=True, people=0):
        super().__init__()
        c = config
        self.mpnet = c["model_type"] == "mpnet"
        size, p = c["hidden_size"], c["hidden_dropout_prob"]
        eps = c["layer_norm_eps"]
        self.words = nn.Embedding(c["vocab_size"], size)
        self.positions = nn.Embedding(c["max_position_embeddings"], size)
        self.norm = nn.LayerNorm(size, eps=eps)
        self.p = p
        self.remap = None  # from our word-piece numbers to the base's, where they differ
        self.layers = nn.ModuleList(
            Layer(size, c["num_attention_heads"], c["intermediate_size"], p, eps)
            for _ in range(c["num_hidden_layers"])
        )
        self.surface = None
        if surface:
            counts = (
                features.N_SHAPES,
                features.N_GAPS,
                features.N_QUOTE_STATES,
                features.N_SINGLE_STATES,
                hints.N_FLAT_HINTS,
            )
            self.surface = nn.ModuleList(nn.Embedding(n, size) for n in counts)
            for table in self.surface:
                nn.init.zeros_(table.weight)
        self.person = None
        if people:
            self.person = nn.Embedding(people + 1, size)
            nn.init.zeros_(self.person.weight)
        if self.mpnet:
            self.relative = nn.Embedding(
                c["relative_attention_num_buckets"], c["num_attention_heads"]
            )

    def forward(self, ids, surface, mask, person=None):
        n = ids.shape[1]
        if self.remap is not None:
            ids = self.remap[ids]
        offset = 2 if self.mpnet else 0
        x = self.words(ids) + self.positions.weight[offset : offset + n][None]
        if self.surface is not None:
            for k, table in enumerate(self.surface):
                x = x + table(surface[:, :, k])
        if self.person is not None and person is not None:
            x = x + self.person(person)[:, None]
        x = F.dropout(self.norm(x), self.p, self.training)
        bias = None if mask is None else torch.where(mask, 0.0, NEVER)[:, None, None, :].to(x.dtype)
        if self.mpnet:
            bias = bias + self.relative(_buckets(n, x.device)).permute(2, 0, 1)[None].to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        return x


def _buckets(n, device, buckets=32, far=128):
    """MPNet's (T5's) relative position buckets."""
    at = torch.arange(n, device=device)
    distance = at[None, :] - at[:, None]
    k = -distance
    half = buckets // 2
    out = (k < 0).long() * half
    k = k.abs()
    exact = half // 2
    large = (
        exact
        + (
            torch.log(k.float().clamp(min=1) / exact) / math.log(far / exact) * (half - exact)
        ).long()
    )
    large = large.clamp(max=half - 1)
    return out + torch.where(k < exact, k, large)


class Tagger(nn.Module):
    """Both passes."""

    def __init__(self, config, *, size=192, depth=2, heads=6, reach=96, surface=True, people=0):
        super().__init__()
        hidden = config["hidden_size"]
        self.config = {
            **config,
            "second": {
                "size": size,
                "depth": depth,
                "heads": heads,
                "reach": reach,
                "surface": surface,
                "people": people,
            },
        }
        self.encoder = Encoder(config, surface=surface, people=people)
        self.reach = reach
        self.flat = nn.Linear(hidden, decode.N_TAGS)
        self.anchor = nn.Linear(hidden, 1)
        self.state = nn.Linear(hidden, size)
        self.query = nn.Linear(hidden, size)
        self.role = nn.Linear(hidden, decode.N_TAGS)
        self.distance = nn.Embedding(2 * reach + 1, size)
        nn.init.normal_(self.distance.weight, std=0.1)
        self.hint = nn.Embedding(hints.N_ROLE_HINTS, size)
        nn.init.zeros_(self.hint.weight)
        self.norm = nn.LayerNorm(size)
        self.second_layers = nn.ModuleList(
            Layer(size, heads, 3 * size, 0.1, 1e-6) for _ in range(depth)
        )
        self.tag = nn.Linear(size, decode.N_TAGS)
        self.valid = nn.Linear(size, 1)
        self.flat_transitions = nn.Parameter(torch.zeros(decode.N_TAGS, decode.N_TAGS))
        self.role_transitions = nn.Parameter(torch.zeros(decode.N_TAGS, decode.N_TAGS))
        nn.init.constant_(self.anchor.bias, -3.0)

    def first(self, ids, surface, mask, person=None):
        x = self.encoder(ids, surface, mask, person)
        h = F.dropout(x, 0.1, self.training)
        return self.flat(h), self.anchor(h)[..., 0], self.state(h), self.query(h), self.role(h)

    def second(self, state, role, query, distance, hint, mask):
        """`distance` is clipped to the reach; the anchor stands where it is 0."""
        x = self.norm(
            state + query[:, None] + self.distance(distance + self.reach) + self.hint(hint)
        )
        bias = torch.where(mask, 0.0, NEVER)[:, None, None, :].to(x.dtype)
        for layer in self.second_layers:
            x = layer(x, bias)
        here = ((distance == 0) & mask).to(x.dtype)
        return self.tag(x) + role, self.valid((x * here[..., None]).sum(1))[..., 0]


# --- linear-chain CRF by parallel scan ------------------------------------------------------


def log_partition(matrices):
    """The log of the summed path scores: `matrices` (rows, steps, tags, tags), log space."""
    while matrices.shape[1] > 1:
        n = matrices.shape[1]
        if n % 2:
            tail = matrices[:, -1:]
            matrices = matrices[:, :-1]
        else:
            tail = None
        a, b = matrices[:, 0::2], matrices[:, 1::2]
        # exp-matmul with a shift is faster than a broadcast logsumexp
        ma = a.amax(dim=-1, keepdim=True)
        mb = b.amax(dim=-2, keepdim=True)
        product = torch.matmul((a - ma).exp(), (b - mb).exp())
        matrices = product.clamp(min=1e-30).log() + ma + mb
        if tail is not None:
            matrices = torch.cat([matrices, tail], 1)
    return matrices[:, 0]


class Crf:
    """Negative log-likelihood of tags; positions where `mask` is false are skipped at either end."""

    def __init__(self, device):
        pairs, start = decode.illegal_transitions()
        self.pairs = torch.tensor(pairs, device=device)
        self.start = torch.tensor(start, device=device)

    def __call__(self, scores, transitions, tags, mask, allowed=None):
        scores = scores.float()
        b, n, k = scores.shape
        if allowed is not None:
            scores = scores + torch.where(allowed, 0.0, -60.0)
        step = torch.where(self.pairs, -60.0, transitions.float())
        opening = torch.where(self.start, -60.0, 0.0)
        both = mask[:, 1:] & mask[:, :-1]
        emission = torch.where(mask[..., None], scores, torch.zeros_like(scores))
        outside = torch.where(mask, 0.0, -60.0)[..., None]
        emission = emission + F.pad(outside.expand(b, n, k - 1), (1, 0))
        move = torch.where(
            both[..., None, None], step, opening[None, None, None].expand(1, 1, k, k)
        )
        matrices = move + emission[:, 1:, None, :]
        first = (opening + emission[:, 0])[:, None, None, :].expand(b, 1, k, k)
        z = log_partition(torch.cat([first, matrices], 1))[:, 0]
        z = torch.logsumexp(z, -1)
        tags = torch.where(mask, tags, torch.zeros_like(tags))
        gold = emission.gather(2, tags[..., None])[..., 0].sum(1) + opening[tags[:, 0]]
        pair = torch.where(both, step[tags[:, :-1], tags[:, 1:]], opening[tags[:, 1:]])
        return z - gold - pair.sum(1)


# --- weights ----------------------------------------------------------------------------------


def load_encoder(tagger, folder):
    """Fill the encoder from a folder with config.json and model.safetensors of the base."""
    from safetensors.torch import load_file

    w = {k: v.float() for k, v in load_file(str(Path(folder) / "model.safetensors")).items()}
    e = tagger.encoder
    if (Path(folder) / "remap.npy").exists():
        e.remap = torch.from_numpy(np.load(Path(folder) / "remap.npy")).long()
    with torch.no_grad():
        e.words.weight.copy_(w["embeddings.word_embeddings.weight"])
        e.positions.weight.copy_(w["embeddings.position_embeddings.weight"])
        if not e.mpnet:
            e.positions.weight += w["embeddings.token_type_embeddings.weight"][0]
        else:
            e.relative.weight.copy_(w["encoder.relative_attention_bias.weight"])
        e.norm.weight.copy_(w["embeddings.LayerNorm.weight"])
        e.norm.bias.copy_(w["embeddings.LayerNorm.bias"])
        for n, layer in enumerate(e.layers):
            p = f"encoder.layer.{n}."
            if e.mpnet:
                names = [p + f"attention.attn.{x}" for x in "qkv"]
                out, norm1 = p + "attention.attn.o", p + "attention.LayerNorm"
            else:
                names = [p + f"attention.self.{x}" for x in ("query", "key", "value")]
                out, norm1 = p + "attention.output.dense", p + "attention.output.LayerNorm"
            for kind in ("weight", "bias"):
                getattr(layer.qkv, kind).copy_(torch.cat([w[f"{x}.{kind}"] for x in names]))
                getattr(layer.out, kind).copy_(w[f"{out}.{kind}"])
                getattr(layer.norm1, kind).copy_(w[f"{norm1}.{kind}"])
                getattr(layer.up, kind).copy_(w[f"{p}intermediate.dense.{kind}"])
                getattr(layer.down, kind).copy_(w[f"{p}output.dense.{kind}"])
                getattr(layer.norm2, kind).copy_(w[f"{p}output.LayerNorm.{kind}"])


def read_config(folder):
    return json.loads((Path(folder) / "config.json").read_text())


def moved(tagger, device):
    """The tagger on a device, its word map included."""
    tagger.to(device)
    if tagger.encoder.remap is not None:
        tagger.encoder.remap = tagger.encoder.remap.to(device)
    return tagger


class TorchPasses:
    """The two passes for `onrecord.attribution.decode`, on any device."""

    def __init__(self, tagger, device):
        self.tagger, self.device = tagger, device
        self.flat_transitions = tagger.flat_transitions.detach().float().cpu().numpy()
        self.role_transitions = tagger.role_transitions.detach().float().cpu().numpy()

    def _auto(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda")

    @torch.no_grad()
    def first(self, ids, surface, mask):
        t = [
            torch.from_numpy(np.ascontiguousarray(x)).to(self.device) for x in (ids, surface, mask)
        ]
        person = None
        if self.tagger.encoder.person is not None:
            person = torch.full(
                (ids.shape[0],), self.tagger.encoder.person.num_embeddings - 1, device=self.device
            )
        with self._auto():
            out = self.tagger.first(*t, person)
        return decode.Hidden(*(x.float().cpu().numpy() for x in out))

    @torch.no_grad()
    def second(self, state, role, query, distance, hint, mask):
        t = [
            torch.from_numpy(x).to(self.device) for x in (state, role, query, distance, hint, mask)
        ]
        with self._auto():
            out = self.tagger.second(*t)
        return decode.Conditioned(*(x.float().cpu().numpy() for x in out))
