"""Shrink weights for transport: small integers with a scale for every 64 values of a row.

``python pack.py pack IN.safetensors OUT.npz`` and ``python pack.py unpack IN... OUT.safetensors``,
IN what ``pack`` wrote or safetensors to be joined. Vectors stay float16. The largest error of a value is 1/254 of the largest of its group.

``squeeze IN.safetensors FOLDER LEVELS`` writes ``part-N.npz`` with integers from -LEVELS to LEVELS
(word embeddings to four fifths of it), Huffman coded: all-mpnet-base-v2 with 9 takes 52 MiB, its
weights off by 9% on average, which fine-tuning makes good. ``student MODEL.onnx BUNDLE FOLDER`` does so with
the weights of a packaged stance model, exactly but for words that the bundle does not use.
``expand FOLDER OUT.safetensors`` reads either back.

``average SHARE NEW.safetensors OLD.safetensors OUT.safetensors`` takes SHARE of the weights of NEW
and the rest of OLD, from which NEW was trained on.
"""

from __future__ import annotations

import io
import lzma
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

GROUP = 64
PARTS = 12
CLIPS = (1.0, 0.85, 0.75)  # shares of a group's largest value that may become the outermost level


def squeezed(weights: dict[str, np.ndarray], levels: int) -> dict[str, np.ndarray]:
    """Return integers and scales as `packed` does, each group clipped where the error is least."""
    out = {}
    for name, w in weights.items():
        if w.ndim < 2 or w.shape[1] % GROUP or "position" in name:  # small, and tell much
            out[name] = w.astype(np.float16)
            continue
        top = levels * 4 // 5 if "word_embeddings" in name else levels
        groups = w.astype(np.float32).reshape(-1, GROUP)
        largest = np.maximum(np.abs(groups).max(-1, keepdims=True), 1e-6)
        best = np.full(len(groups), np.inf, np.float32)
        values = np.zeros(groups.shape, np.int8)
        scale = np.zeros((len(groups), 1), np.float16)
        for clip in CLIPS:
            step = (largest * clip / top).astype(np.float16)
            tried = np.clip(np.rint(groups / step.astype(np.float32)), -top, top)
            cost = ((tried * step.astype(np.float32) - groups) ** 2).sum(-1)
            better = cost < best
            best[better], values[better], scale[better] = cost[better], tried[better], step[better]
        out[name] = values.reshape(w.shape)
        out[f"{name}/scale"] = scale.reshape(w.shape[0], -1)
    return out


def of_student(path: Path) -> dict[str, np.ndarray]:
    """Return the weights of an exported stance model (``--precision mixed``) by training's names.

    Products stand in the graph in the order of the layers: qkv, out, up, down.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    found = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    out = {n: w for n, w in found.items() if w.ndim and n.startswith(("encoder.", "dense", "out."))}
    out = {n: w for n, w in out.items() if n.endswith((".weight", ".bias"))}
    number = {n: int(n.split("_")[1].split(".")[0]) for n in found if n.startswith("onnx::MatMul")}
    products = sorted(set(number.values()))
    for at, key in enumerate(products):
        layer, place = divmod(at, 4)
        name = f"encoder.layers.{layer}.{('qkv', 'out', 'up', 'down')[place]}.weight"
        stem = f"onnx::MatMul_{key}"
        whole = f"{stem}_quantized" in found
        values = found[f"{stem}_quantized" if whole else f"{stem}.q"]
        scale = found[f"{stem}_scale" if whole else f"{stem}.s"]
        out[name], out[f"{name}/scale"] = values.T, scale.reshape(-1, 1)
        if whole and found[f"{stem}_zero_point"].any():
            raise SystemExit(f"{stem}: values are not symmetric")
    for name in ("dense", "out"):
        stem = f"{name}.weight_Transposed"
        out[f"{name}.weight"] = found[f"{stem}_quantized"].T
        out[f"{name}.weight/scale"] = found[f"{stem}_scale"].reshape(-1, 1)
    for name in ("encoder.words.weight", "encoder.positions.weight"):
        out[name], out[f"{name}/scale"] = found[f"{name}.q"], found[f"{name}.s"]
    return {n: np.ascontiguousarray(w) for n, w in out.items()}


def used_words(bundle: Path, count: int) -> np.ndarray:
    """Return which of ``count`` word pieces stand in the bundle, and the marks of sentences."""
    used = np.zeros(count, bool)
    used[:104] = True
    for name in ("train", "dev"):
        with np.load(
            io.BytesIO(lzma.decompress((bundle / f"{name}.npz.xz").read_bytes()))
        ) as found:
            used[np.unique(found["tokens"])] = True
    return used


def huffman(values: np.ndarray) -> np.ndarray:
    """Return 8-bit integers coded by their frequencies alone: they repeat nothing to look for."""
    coder = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_HUFFMAN_ONLY)
    return np.frombuffer(coder.compress(values.tobytes()) + coder.flush(), np.uint8)


def stored(arrays: dict[str, np.ndarray], folder: Path) -> None:
    """Write arrays as parts of about the same size, 8-bit integers Huffman coded."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[dict[str, np.ndarray]] = [{} for _ in range(PARTS)]
    sizes = [0] * PARTS
    names = sorted((n for n in arrays if not n.endswith("/scale")), key=lambda n: -arrays[n].size)
    for name in names:
        at = sizes.index(min(sizes))
        sizes[at] += arrays[name].nbytes
        w = arrays[name]
        if w.dtype == np.int8:
            parts[at][f"{name}/scale"] = arrays[f"{name}/scale"]
            parts[at][f"{name}/shape"] = np.array(w.shape)
            w = huffman(w)
        parts[at][name] = w
    for i, part in enumerate(parts):
        np.savez(folder / f"part-{i}.npz", **part)


def fetched(folder: Path) -> dict[str, np.ndarray]:
    """Return the weights that `stored` wrote, in float16; parts are read at the same time."""

    def one(path: Path) -> dict[str, np.ndarray]:
        with np.load(path) as found:
            part = {n: found[n] for n in found.files}
        for name in [n.removesuffix("/shape") for n in part if n.endswith("/shape")]:
            values = np.frombuffer(zlib.decompress(part[name]), np.int8)
            part[name] = values.reshape(part.pop(f"{name}/shape"))
        return unpacked(part)

    paths = sorted(folder.glob("part-*.npz"))
    if len(paths) != PARTS:
        raise SystemExit(f"{folder}: {len(paths)} parts of {PARTS}")
    with ThreadPoolExecutor(PARTS) as pool:
        return {n: w for part in pool.map(one, paths) for n, w in part.items()}


def packed(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return 8-bit values ``NAME`` and scales ``NAME/scale`` for matrices, the rest as float16."""
    out = {}
    for name, w in weights.items():
        if w.ndim < 2 or w.shape[1] % GROUP:
            out[name] = w.astype(np.float16)
            continue
        groups = w.astype(np.float32).reshape(w.shape[0], -1, GROUP)
        scale = np.maximum(np.abs(groups).max(-1, keepdims=True) / 127, 1e-8).astype(np.float16)
        scale = np.maximum(scale, np.float16(6e-8))
        values = np.clip(np.rint(groups / scale.astype(np.float32)), -127, 127)
        out[name] = values.astype(np.int8).reshape(w.shape)
        out[f"{name}/scale"] = scale[:, :, 0]
    return out


def unpacked(stored: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return float16 weights of what `packed` returned."""
    out = {}
    for name, w in stored.items():
        if name.endswith("/scale"):
            continue
        scale = stored.get(f"{name}/scale")
        if scale is None:
            out[name] = w
            continue
        groups = w.astype(np.float32).reshape(w.shape[0], scale.shape[1], -1)
        out[name] = (
            (groups * scale.astype(np.float32)[:, :, None]).reshape(w.shape).astype(np.float16)
        )
    return out


def averaged(
    share: float, new: dict[str, np.ndarray], old: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return ``share`` of each weight of ``new`` and the rest of ``old``'s, in float16."""
    if absent := new.keys() - old.keys():
        raise SystemExit(f"weights that only the first file has: {sorted(absent)}")
    rest = 1 - share
    return {
        name: (share * w.astype(np.float32) + rest * old[name].astype(np.float32)).astype(
            np.float16
        )
        for name, w in new.items()
    }


def main() -> None:
    from safetensors.numpy import load_file, save_file

    verb, *sources, target = sys.argv[1:]
    if verb == "squeeze":
        stored(squeezed(load_file(sources[0]), int(target)), Path(sources[1]))
        return
    if verb == "student":
        weights = of_student(Path(sources[0]))
        words = weights["encoder.words.weight"] = weights["encoder.words.weight"].copy()
        words[~used_words(Path(sources[1]), len(words))] = 0
        stored(weights, Path(target))
        return
    if verb == "expand":
        arrays = {n: np.ascontiguousarray(w) for n, w in fetched(Path(sources[0])).items()}
        save_file(arrays, target)
        return
    if verb == "average":
        share, new, old = float(sources[0]), load_file(sources[1]), load_file(sources[2])
        save_file(averaged(share, new, old), target)
        return
    if verb == "pack":
        np.savez(target, **packed(load_file(sources[0])))
        return
    weights = {}
    for source in sources:
        if source.endswith(".safetensors"):
            weights |= load_file(source)
            continue
        with np.load(source) as found:
            weights |= unpacked({n: found[n] for n in found.files})
    save_file({k: np.ascontiguousarray(v) for k, v in weights.items()}, target)


if __name__ == "__main__":
    main()
