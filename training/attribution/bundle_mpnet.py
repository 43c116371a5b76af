"""Pack all-mpnet-base-v2 for a machine that is reached through small transfers.

`pack` writes int8 weights (one scale per group of 64) in parts, word embeddings only for the
word pieces that our corpora use; `unpack` restores a folder with config.json and
model.safetensors (fp16) and the map from our word-piece numbers to its rows.
"""

import argparse
import json
from pathlib import Path

import numpy as np

GROUP = 64


def pack(source, tokens, tokenizer, out, parts):
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    weights = load_file(str(source / "model.safetensors"))
    config = json.loads((source / "config.json").read_text())
    words = Tokenizer.from_file(str(source / "tokenizer.json")).get_vocab()
    ours = Tokenizer.from_file(str(tokenizer)).get_vocab()
    arrays = np.load(tokens)
    used = set(
        np.unique(np.concatenate([arrays[k] for k in arrays.files if k.endswith("_ids")])).tolist()
    )
    special = {
        "[PAD]": "<pad>",
        "[CLS]": "<s>",
        "[SEP]": "</s>",
        "[UNK]": "[UNK]",
        "[MASK]": "<mask>",
    }
    rows, remap = [], np.zeros(len(ours), dtype=np.int32)
    missing = 0
    for word, number in sorted(ours.items(), key=lambda item: item[1]):
        if number not in used and word not in special:
            continue
        theirs = words.get(special.get(word, word))
        if theirs is None:
            missing += 1
            theirs = words["[UNK]"] if "[UNK]" in words else words["<unk>"]
        remap[number] = len(rows)
        rows.append(theirs)
    print("word pieces kept", len(rows), "missing", missing)
    weights = {k: v for k, v in weights.items() if "position_ids" not in k and "pooler" not in k}
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][
        rows
    ]
    config["vocab_size"] = len(rows)
    packed = {}
    for name, value in weights.items():
        if value.ndim == 2 and value.size % GROUP == 0 and value.size > 100_000:
            groups = value.astype(np.float32).reshape(-1, GROUP)
            scale = np.abs(groups).max(1) / 127
            packed[name] = (
                np.round(groups / np.maximum(scale, 1e-9)[:, None])
                .astype(np.int8)
                .reshape(value.shape)
            )
            packed[name + ".scale"] = scale.astype(np.float16)
        else:
            packed[name] = value.astype(np.float16)
    packed["remap"] = remap
    total = sum(v.nbytes for v in packed.values())
    out.mkdir(parents=True, exist_ok=True)
    part, size, number = {}, 0, 0
    for name in sorted(packed):
        part[name] = packed[name]
        size += packed[name].nbytes
        if size >= total / parts and number < parts - 1:
            (out / str(number)).mkdir(exist_ok=True)
            np.savez(out / str(number) / "weights.npz", **part)
            part, size, number = {}, 0, number + 1
    if part:
        (out / str(number)).mkdir(exist_ok=True)
        np.savez(out / str(number) / "weights.npz", **part)
    (out / "0" / "config.json").write_text(json.dumps(config))
    print("bytes", total)


def unpack(sources, out):
    import torch
    from safetensors.torch import save_file

    arrays = {}
    for path in sources:
        arrays |= dict(np.load(path / "weights.npz"))
        if (path / "config.json").exists():
            config = (path / "config.json").read_text()
    remap = arrays.pop("remap")
    kept = {}
    for name, value in arrays.items():
        if name.endswith(".scale"):
            continue
        if value.dtype == np.int8:
            scale = arrays[name + ".scale"].astype(np.float32)
            full = (value.astype(np.float32).reshape(-1, GROUP) * scale[:, None]).reshape(
                value.shape
            )
            kept[name] = torch.from_numpy(full.astype(np.float16))
            continue
        kept[name] = torch.from_numpy(value.astype(np.float16))
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "remap.npy", remap)
    save_file(kept, str(out / "model.safetensors"))
    (out / "config.json").write_text(config)


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("action", choices=["pack", "unpack"])
    p.add_argument("--source", type=Path, nargs="+", required=True)
    p.add_argument("--tokens", type=Path)
    p.add_argument("--tokenizer", type=Path)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--parts", type=int, default=2)
    a = p.parse_args()
    if a.action == "pack":
        pack(a.source[0], a.tokens, a.tokenizer, a.out, a.parts)
    else:
        unpack(a.source, a.out)
