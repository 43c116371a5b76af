"""Shrink trained weights for transport: 8-bit integers with a scale for every 64 values of a row.

``python pack.py pack IN.safetensors OUT.npz`` and ``python pack.py unpack IN.npz... OUT.safetensors``.
Vectors stay float16. The largest error of a value is 1/254 of the largest of its group.
"""

from __future__ import annotations

import sys

import numpy as np

GROUP = 64


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
        groups = w.astype(np.float32).reshape(w.shape[0], -1, GROUP)
        out[name] = (
            (groups * scale.astype(np.float32)[:, :, None]).reshape(w.shape).astype(np.float16)
        )
    return out


def main() -> None:
    from safetensors.numpy import load_file, save_file

    verb, *sources, target = sys.argv[1:]
    if verb == "pack":
        np.savez(target, **packed(load_file(sources[0])))
        return
    weights: dict[str, np.ndarray] = {}
    for source in sources:
        with np.load(source) as found:
            weights |= unpacked({n: found[n] for n in found.files})
    save_file({k: np.ascontiguousarray(v) for k, v in weights.items()}, target)


if __name__ == "__main__":
    main()
