"""Export a trained tagger as ONNX: `python export.py --run DIR --base DIR --out DIR`.

Two graphs: `first.onnx` reads windows of tokens, `second.onnx` the tokens around each candidate
cue. Word embeddings are stored as int8 with a scale per row; `--quantise` turns the matrix
products of the encoder into int8 ones whose activations are scaled at run time.
"""

from __future__ import annotations

import argparse
import json
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import torch
from model import Tagger, load_encoder
from torch import nn
from torch.nn import functional as F
from train import load

from onrecord.attribution import decode


class Words(nn.Module):
    """Word embeddings as int8 rows with a scale each."""

    def __init__(self, table):
        super().__init__()
        scale = table.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", torch.round(table / scale).to(torch.int8))
        self.register_buffer("scale", scale.float())

    def forward(self, ids):
        return self.rows[ids].float() * self.scale[ids]


class Attended(torch.autograd.Function):
    """Attention without a mask as one operation of the runtime, which never writes the products."""

    @staticmethod
    def forward(ctx, q, k, v, heads):
        b, n, d = q.shape
        parts = [x.view(b, n, heads, d // heads).transpose(1, 2) for x in (q, k, v)]
        return F.scaled_dot_product_attention(*parts).transpose(1, 2).reshape(b, n, d)

    @staticmethod
    def symbolic(g, q, k, v, heads):
        return g.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=heads).setType(
            q.type()
        )


def fused(layer, x, _bias):
    """A layer of `model.Layer` with that attention."""
    q, k, v = (y.contiguous() for y in layer.qkv(x).chunk(3, -1))
    x = layer.norm1(x + layer.out(Attended.apply(q, k, v, layer.heads)))
    return layer.norm2(x + layer.down(F.gelu(layer.up(x))))


class First(nn.Module):
    def __init__(self, tagger):
        super().__init__()
        self.tagger = tagger
        people = tagger.encoder.person
        if people is not None:  # nobody in particular annotates a page
            with torch.no_grad():
                tagger.encoder.positions.weight += people.weight[-1]
            tagger.encoder.person = None
        tagger.encoder.words = Words(tagger.encoder.words.weight.detach())
        for layer in tagger.encoder.layers:
            layer.forward = partial(fused, layer)

    def forward(self, ids, surface):
        # Windows are read one at a time: adding a mask of nothing took a fifth of the time.
        return self.tagger.first(ids, surface, None)


class Second(nn.Module):
    def __init__(self, tagger):
        super().__init__()
        self.tagger = tagger

    def forward(self, state, role, query, distance, hint, mask):
        return self.tagger.second(state, role, query, distance, hint, mask)


FIRST = (["ids", "surface"], list(decode.Hidden._fields))
SECOND = (["state", "role", "query", "distance", "hint", "mask"], list(decode.Conditioned._fields))


def opened(run, base):
    """The tagger of a run folder: config.json and model.safetensors, embeddings of the base."""
    config = json.loads((run / "config.json").read_text())
    second = config.pop("second")
    tagger = Tagger(config, **second)
    load_encoder(tagger, base)
    load(tagger, run / "model.safetensors")
    return tagger.eval(), second


def write(module, inputs, names, axes, path):
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module,
            inputs,
            str(path),
            input_names=names[0],
            output_names=names[1],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
            custom_opsets={"com.microsoft": 1},
            do_constant_folding=True,
        )


def export(run, base, out):
    tagger, second = opened(run, base)
    out.mkdir(parents=True, exist_ok=True)
    size, reach = second["size"], second["reach"]
    b, n = 2, 12
    ids = torch.randint(1000, 2000, (b, n))
    surface = torch.zeros(b, n, decode.N_FEATURES, dtype=torch.long)
    mask = torch.ones(b, n, dtype=torch.bool)
    first = First(tagger)
    tokens = {0: "rows", 1: "length"}
    write(
        first,
        (ids, surface),
        FIRST,
        dict.fromkeys([*FIRST[0], *FIRST[1]], tokens),
        out / "first.onnx",
    )
    around = {0: "anchors", 1: "width"}
    axes = dict.fromkeys(("state", "role", "distance", "hint", "mask", "roles"), around)
    axes |= {"query": {0: "anchors"}, "valid": {0: "anchors"}}
    distance = (torch.arange(n) - 5)[None].expand(b, n).contiguous()
    inputs = (
        torch.randn(b, n, size),
        torch.randn(b, n, decode.N_TAGS),
        torch.randn(b, size),
        distance,
        torch.zeros(b, n, dtype=torch.long),
        mask,
    )
    write(Second(tagger), inputs, SECOND, axes, out / "second.onnx")
    np.savez(
        out / "transitions.npz",
        flat=tagger.flat_transitions.detach().numpy(),
        role=tagger.role_transitions.detach().numpy(),
    )
    return {"reach": reach}


def stored_small(path):
    """Keep the remaining large weights as int8 columns with a scale each, computed in float."""
    import onnx
    from onnx import helper, numpy_helper

    graph = onnx.load(str(path))
    weights = {i.name: i for i in graph.graph.initializer}
    new = []
    for node in list(graph.graph.node):
        if node.op_type != "MatMul" or node.input[1] not in weights:
            continue
        name = node.input[1]
        table = numpy_helper.to_array(weights[name])
        if table.dtype != np.float32 or table.size < 20_000:
            continue
        scale = np.maximum(np.abs(table).max(0, keepdims=True), 1e-8) / 127
        small = np.round(table / scale).astype(np.int8)
        graph.graph.initializer.remove(weights.pop(name))
        graph.graph.initializer.extend(
            [
                numpy_helper.from_array(small, name + ".q"),
                numpy_helper.from_array(scale.astype(np.float32), name + ".s"),
            ]
        )
        new += [
            helper.make_node("Cast", [name + ".q"], [name + ".f"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [name + ".f", name + ".s"], [name]),
        ]
    nodes = list(graph.graph.node)
    del graph.graph.node[:]
    graph.graph.node.extend(new + nodes)
    onnx.save(graph, str(path))


def sensitive(path):
    """The products after the activation function, whose inputs have the widest range."""
    import onnx

    graph = onnx.load(str(path)).graph
    return [n.name for n in graph.node if n.op_type == "MatMul" and "/down/" in n.name]


def quantised(path, out, *, kind):
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = str(out) + ".prepared"
    quant_pre_process(str(path), prepared, skip_symbolic_shape=True)
    quantize_dynamic(
        prepared,
        str(out),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=QuantType.QUInt8 if kind == "uint8" else QuantType.QInt8,
        reduce_range=kind in ("int7", "mixed"),
        nodes_to_exclude=sensitive(prepared) if kind == "mixed" else [],
        extra_options={"MatMulConstBOnly": True},
    )
    Path(prepared).unlink()


# none: float; stored: int8 weights, float products; mixed: as int7, the sensitive ones stored only
KINDS = ("none", "stored", "mixed", "int7", "int8", "uint8")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--run", type=Path, required=True)
    p.add_argument("--base", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--quantise", choices=KINDS, default="int8")
    p.add_argument("--quantise-second", choices=KINDS, default="none")
    a = p.parse_args()
    export(a.run, a.base, a.out)
    for name, kind in (("first", a.quantise), ("second", a.quantise_second)):
        if kind not in ("none", "stored"):
            quantised(a.out / f"{name}.onnx", a.out / f"{name}.q.onnx", kind=kind)
            (a.out / f"{name}.q.onnx").replace(a.out / f"{name}.onnx")
        if kind != "none":
            stored_small(a.out / f"{name}.onnx")
    for f in sorted(a.out.glob("*.onnx")):
        print(f.name, f.stat().st_size)


if __name__ == "__main__":
    main()
