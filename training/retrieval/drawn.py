"""What a reranker is trained on: texts on the device, and lists of a query and twelve texts."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "stance"))
from encoder import CLS, SEP

WIDTH = 12
MAX_TOKENS = 160
# Tokens of one text that are read at most.
MAX_TEXT = 110
# Lists of each kind in a step: posts, titles and subtitles asking for claims, encyclopedia, debates.
KINDS = {"posts": 20, "titles": 24, "encyclopedia": 20, "debates": 20}


class Pool:
    """All texts on the device; batches of a query and up to two texts are put together there."""

    def __init__(self, arrays: dict[str, np.ndarray], device: torch.device) -> None:
        lengths = arrays["lengths"].astype(np.int64)
        self.device = device
        self.lengths_here = np.minimum(lengths, MAX_TEXT)
        self.starts = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)[:-1]])).to(device)
        self.lengths = torch.from_numpy(self.lengths_here).to(device)
        flat = np.concatenate([arrays["tokens"].astype(np.int32), np.zeros(1, np.int32)])
        self.tokens = torch.from_numpy(flat).to(device)

    def batch(self, first: np.ndarray, second: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        """Return ids, mask and types of rows: texts ``first`` (rows, n), then ``second``.

        ``second`` may have no columns: then a row is one text and nothing is of type one.
        """
        pieces = np.concatenate([first, second], 1)
        size = self.lengths_here[pieces]
        n = first.shape[1]
        paired = int(second.shape[1] > 0)
        room = MAX_TOKENS - 2 - paired
        size = np.minimum(size, np.maximum(0, room - (size.cumsum(1) - size)))
        shift = np.concatenate([np.zeros(n, int), np.full(second.shape[1], paired)])
        begins = 1 + size.cumsum(1) - size + shift
        total = size.sum(1) + 2 + paired
        length = int(-(-int(total.max()) // 8) * 8)
        put = lambda x: torch.from_numpy(np.ascontiguousarray(x)).to(self.device)
        where = torch.full((len(pieces), length), len(self.tokens) - 1, device=self.device)
        at = torch.arange(length, device=self.device)[None]
        pieces_, size_, begins_ = put(pieces), put(size), put(begins)
        for i in range(pieces.shape[1]):
            b, s = begins_[:, i : i + 1], size_[:, i : i + 1]
            where = torch.where(
                (at >= b) & (at < b + s), self.starts[pieces_[:, i]][:, None] + at - b, where
            )
        ids = self.tokens[where].long()
        ids[:, 0] = CLS
        last = put(total - 1)[:, None]
        middle = put(1 + size[:, :n].sum(1))[:, None]
        ids = torch.where(at == last, SEP, ids)
        types = torch.zeros_like(ids)
        if paired:
            ids = torch.where(at == middle, SEP, ids)
            types = ((at > middle) & (at <= last)).long()
        return ids, (at <= last).long(), types


class Lists:
    """Draws lists to train on; the debates are only for a teacher to be asked about."""

    def __init__(self, a: dict[str, np.ndarray], near: dict[str, np.ndarray], seed: int) -> None:
        self.a, self.near = a, near
        self.rng = np.random.default_rng(seed)
        good = (a["t_split"] == 0) & (a["t_gold"][:, 0] >= 0)
        self.posts = np.flatnonzero(good)

    def drawn(self, kinds: dict[str, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return queries (lists,), claims and titles (lists, WIDTH), and which have an answer."""
        a, rng = self.a, self.rng
        query, claim, title, known = [], [], [], []
        for kind, count in kinds.items():
            for _ in range(count):
                if kind == "encyclopedia":
                    i = int(rng.integers(len(a["e_claim"])))
                    wrong = self.near["encyclopedia"][i]
                    wrong = wrong[a["e_claim"][wrong] != a["e_claim"][i]]
                    picks = self.picked(wrong, len(a["e_claim"]))
                    query.append(a["e_claim"][i])
                    claim.append(a["e_passage"][[i, *picks]])
                    title.append(np.zeros(WIDTH, np.int64))
                    known.append(True)
                    continue
                n = len(a["t_claim"])
                if kind == "posts":
                    r = int(rng.choice(self.posts))
                    gold = a["t_gold"][r][a["t_gold"][r] >= 0]
                    docs = [int(rng.choice(gold)), *self.picked(a["t_mined"][r], n)]
                    query.append(a["t_query"][r])
                elif kind == "titles":
                    d = int(rng.integers(n))
                    docs = [d, *self.picked(a["t_near"][d], n)]
                    asks = a["t_subtitle"][d] if rng.random() < 0.5 else 0
                    query.append(asks or a["t_title"][d])
                else:
                    i = int(rng.integers(len(a["d_query"])))
                    docs = [*self.near["debates"][i][:2], *self.picked(self.near["debates"][i], n)]
                    docs = docs[:WIDTH]
                    query.append(a["d_query"][i])
                docs = np.array(docs)
                claim.append(a["t_claim"][docs])
                # The title is not always there, and must not answer itself.
                with_title = kind != "titles" and rng.random() < 0.4
                title.append(a["t_title"][docs] if with_title else np.zeros(WIDTH, np.int64))
                known.append(kind != "debates")
        return np.array(query), np.array(claim), np.array(title), np.array(known)

    def picked(self, listed: np.ndarray, n: int) -> np.ndarray:
        """Return wrong answers: most from those listed, three at random."""
        listed = listed[listed >= 0]
        some = min(WIDTH - 4, len(listed))
        near = self.rng.choice(listed, some, replace=False) if some else np.zeros(0, int)
        return np.concatenate([near, self.rng.integers(0, n, WIDTH - 1 - some)]).astype(int)
