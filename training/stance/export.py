"""Write a trained model as ONNX with 8-bit weights, its manifest beside it.

``--precision mixed`` computes the products of the encoder in whole numbers of 7 bits, which no
processor saturates, but those after the activation function and the head in floating point: their
inputs have the widest range. ``int8`` is faster where the processor has instructions for it, and
differs from processor to processor.

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


def mixed(full: Path, final: Path) -> None:
    """Write ``full`` with 7-bit products, and every other large weight as 8-bit rows."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    nodes = onnx.load(str(full)).graph.node
    quantize_dynamic(
        full,
        final,
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        nodes_to_exclude=[n.name for n in nodes if n.op_type == "MatMul" and "/down/" in n.name],
        extra_options={"MatMulConstBOnly": True},
    )
    stored_small(final)


def stored_small(path: Path) -> None:
    """Store the remaining large weights as 8-bit numbers with a scale each; products stay float."""
    import onnx
    from onnx import helper, numpy_helper

    graph = onnx.load(str(path))
    weights = {i.name: i for i in graph.graph.initializer}
    users: dict[str, list] = {}
    for node in graph.graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    before, nodes = [], []
    for node in list(graph.graph.node):
        place = 0 if node.op_type == "Gather" else 1
        name = node.input[place] if len(node.input) > place else ""
        usable = node.op_type in {"MatMul", "Gemm", "Gather"} and name in weights
        table = numpy_helper.to_array(weights[name]) if usable else np.zeros(0, np.float32)
        if table.dtype != np.float32 or table.size < 20_000 or len(users[name]) > 1:
            nodes.append(node)
            continue
        by_row = node.op_type == "Gather" or any(a.name == "transB" and a.i for a in node.attribute)
        scale = np.maximum(np.abs(table).max(int(by_row), keepdims=True), 1e-8) / 127
        small = np.round(table / scale).astype(np.int8)
        graph.graph.initializer.remove(weights.pop(name))
        graph.graph.initializer.extend(
            [
                numpy_helper.from_array(small, f"{name}.q"),
                numpy_helper.from_array(scale.astype(np.float32), f"{name}.s"),
            ]
        )
        if node.op_type == "Gather":  # rows are looked up before they are made float
            ids, out = node.input[1], node.output[0]
            nodes += [
                helper.make_node("Gather", [f"{name}.q", ids], [f"{out}.q"], axis=0),
                helper.make_node("Gather", [f"{name}.s", ids], [f"{out}.s"], axis=0),
                helper.make_node("Cast", [f"{out}.q"], [f"{out}.f"], to=onnx.TensorProto.FLOAT),
                helper.make_node("Mul", [f"{out}.f", f"{out}.s"], [out]),
            ]
        else:
            before += [
                helper.make_node("Cast", [f"{name}.q"], [f"{name}.f"], to=onnx.TensorProto.FLOAT),
                helper.make_node("Mul", [f"{name}.f", f"{name}.s"], [name]),
            ]
            nodes.append(node)
    del graph.graph.node[:]
    graph.graph.node.extend(before + nodes)
    onnx.save(graph, str(path))


def words_of(embedder: Path) -> Tensor:
    """Return the word embeddings of a packaged embedder, made float again."""
    import onnx
    from onnx import numpy_helper

    found = {i.name: i for i in onnx.load(str(embedder)).graph.initializer}
    stem = "encoder.words.weight"
    values, zero, scale = (
        numpy_helper.to_array(found[f"{stem}_{part}"]).astype(np.float32)
        for part in ("quantized", "zero_point", "scale")
    )
    return torch.from_numpy((values - zero) * scale)


def model_of(
    kind: str, base: Path, weights: Path, *, words: Path | None
) -> tuple[nn.Module, list[str], str]:
    """Return the model in evaluation mode, its input names and its output name."""
    from encoder import load

    encoder = load(base)
    if words is not None:
        encoder.words.weight.data = words_of(words)
    if kind == "embedder":
        encoder.load_state_dict(trained(weights), strict=False)
        return Embedder(encoder).eval(), ["ids", "mask"], "vectors"
    if kind == "stance":
        from train import Stance

        model: nn.Module = Stance(encoder)
    elif kind == "reranker":
        model = load_script(HERE.parent / "retrieval" / "reranker.py", "reranker").Reranker(encoder)
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
    parser.add_argument("--precision", choices=("int8", "mixed", "float32"), default="int8")
    parser.add_argument(
        "--words", type=Path, help="graph of the embedder whose word embeddings the weights go with"
    )
    parser.add_argument("--about", type=Path, help="what else the manifest says (TOML)")
    args = parser.parse_args()
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model, inputs, output = model_of(args.kind, args.base, args.weights, words=args.words)
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
    elif args.precision == "mixed":
        mixed(full, final)
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
