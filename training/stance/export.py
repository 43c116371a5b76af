"""Write a trained model as ONNX with 8-bit weights, its manifest beside it.

``python export.py KIND --base DIR --weights FILE --out DIR`` with KIND one of stance, reranker,
scorer (two or one segments; output ``logits``) and embedder (output ``vectors``, unit length).
FILE is what ``pack.py`` wrote, or a safetensors file. Inputs: ``ids``, ``mask`` and, for two
segments, ``types``, all int64 (rows, length). ``--about`` is put into the manifest as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))


def trained(weights: Path) -> dict[str, Tensor]:
    """Return the stored weights as float32."""
    if weights.suffix == ".npz":
        from pack import unpacked

        with np.load(weights) as found:
            stored = unpacked({name: found[name] for name in found.files})
        return {
            name: torch.from_numpy(np.ascontiguousarray(w)).float() for name, w in stored.items()
        }
    from safetensors.torch import load_file

    return {name: w.float() for name, w in load_file(weights).items()}


class Embedder(nn.Module):
    """The encoder with its mean pooling inside the graph."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self.encoder(ids, mask)
        weight = mask.unsqueeze(-1).to(x.dtype)
        return nn.functional.normalize((x * weight).sum(1) / weight.sum(1), dim=-1)


def load_script(path: Path, name: str):
    """Return the module at ``path`` under ``name``; three folders hold a train.py."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def model_of(kind: str, base: Path, weights: Path) -> tuple[nn.Module, list[str], str]:
    """Return the model in evaluation mode, its input names and its output name."""
    from encoder import load

    encoder = load(base)
    if kind == "embedder":
        encoder.load_state_dict(trained(weights), strict=False)
        return Embedder(encoder).eval(), ["ids", "mask"], "vectors"
    if kind == "stance":
        from train import Stance

        model: nn.Module = Stance(encoder)
    elif kind == "reranker":
        model = load_script(HERE.parent / "retrieval" / "train.py", "retrieval_train").Reranker(
            encoder
        )
    else:
        model = load_script(HERE.parent / "checkworthiness" / "train.py", "scorer_train").Scorer(
            encoder
        )
    missing, unexpected = model.load_state_dict(trained(weights), strict=False)
    frozen = {"encoder.words.weight", "encoder.types.weight"}
    if unexpected or set(missing) - frozen:
        raise SystemExit(f"{weights}: unexpected {unexpected}, missing {set(missing) - frozen}")
    inputs = ["ids", "mask"] if kind == "scorer" else ["ids", "mask", "types"]
    return model.eval(), inputs, "logits"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("stance", "reranker", "scorer", "embedder"))
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--precision", choices=("int8", "float32"), default="int8")
    parser.add_argument("--about", type=Path, help="what else the manifest says (TOML)")
    args = parser.parse_args()
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model, inputs, output = model_of(args.kind, args.base, args.weights)
    args.out.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 20000, (3, 40))
    ids[:, 0], ids[:, -1] = 101, 102
    mask = torch.ones_like(ids)
    mask[1, 30:] = 0
    types = (torch.arange(40)[None] > 15).long() * mask
    given = (ids, mask, types)[: len(inputs)]
    full = args.out / "model.float32.onnx"
    axes = {name: {0: "rows", 1: "length"} for name in inputs} | {output: {0: "rows"}}
    torch.onnx.export(
        model,
        given,
        str(full),
        input_names=inputs,
        output_names=[output],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    final = args.out / "model.onnx"
    if args.precision == "int8":
        quantize_dynamic(
            full, final, weight_type=QuantType.QInt8, per_channel=True, reduce_range=False
        )
        full.unlink()
    else:
        full.replace(final)
    session = onnxruntime.InferenceSession(str(final), providers=["CPUExecutionProvider"])
    again = session.run(None, {n: x.numpy() for n, x in zip(inputs, given, strict=True)})[0]
    with torch.no_grad():
        gap = float(np.abs(again - model(*given).numpy()).max())
    shutil.copyfile(args.base / "tokenizer.json", args.out / "tokenizer.json")
    facts = {
        "name": args.out.name,
        "inputs": inputs,
        "output": output,
        "precision": args.precision,
        "trained_sha256": hashlib.sha256(args.weights.read_bytes()).hexdigest(),
        "made": datetime.now(UTC).date().isoformat(),
    }
    lines = [f"{k} = {json.dumps(v)}" for k, v in facts.items()]
    if args.about:
        lines += ["", args.about.read_text().strip()]
    lines += ["", "[files]"]
    for name in ("model.onnx", "tokenizer.json"):
        digest = hashlib.sha256((args.out / name).read_bytes()).hexdigest()
        lines.append(f'"{name}" = "{digest}"')
    (args.out / "manifest.toml").write_text("\n".join(lines) + "\n")
    facts["bytes"] = final.stat().st_size
    print(json.dumps(facts | {"largest_difference": gap}))


if __name__ == "__main__":
    main()
