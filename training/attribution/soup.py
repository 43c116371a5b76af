"""Average the weights of finished runs while the held-out score rises (Wortsman et al. 2022).

`python soup.py --work DIR --data DIR --out DIR --names a b c`: runs of one shape and one start.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from collect import runs
from safetensors.torch import load_file


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--base", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--resume", type=Path)
    p.add_argument("--names", nargs="*")
    p.add_argument("--equal", action="store_true", help="average all of them, scored or not")
    p.add_argument("--max-seconds", type=float, default=60)
    p.add_argument("--limit", type=int, default=None)
    a = p.parse_args()
    import time

    import train
    from model import Tagger, load_encoder, moved

    began = time.monotonic()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    found = runs(a.work)
    order = sorted((n for n in found if not a.names or n in a.names), key=lambda n: -found[n][0])
    first = json.loads((a.work / order[0] / "config.json").read_text())
    order = [
        n
        for n in order
        if json.loads((a.work / n / "config.json").read_text())["second"] == first["second"]
    ]
    config = dict(first)
    second = config.pop("second")
    tagger = Tagger(config, **second)
    if (a.base / "model.safetensors").exists():
        load_encoder(tagger, a.base)
    if a.resume:  # brings the word embeddings where the base is not at hand
        train.load(tagger, a.resume)
    moved(tagger, device)
    sys.argv = [
        "train",
        "--data",
        str(a.data),
        "--base",
        str(a.base),
        "--out",
        str(a.out),
        "--name",
        a.out.name,
    ]
    if a.limit:
        sys.argv += ["--limit", str(a.limit)]
    args = train.arguments()
    args.reach = second["reach"]
    judge = train.Judge(args, train.load_arrays(args))

    def mean(names):
        states = [load_file(str(a.work / n / "model.safetensors")) for n in names]
        return {k: sum(s[k].float() for s in states) / len(states) for k in states[0]}

    def held(names):
        from model import TorchPasses

        from onrecord.attribution import decode

        tagger.load_state_dict(mean(names), strict=False)
        tagger.eval()
        settings = decode.DecodeSettings(left=24, right=16, reach=args.reach, floor=0.04)
        rows, _ = judge.candidates(TorchPasses(tagger, device), "held", settings)
        scores = judge.articles("held", rows, 0.5, (0.3, 0.4, 0.5))
        return max(s["exact"] + s["overlap"] + s["source"] for s in scores.values())

    kept = order if a.equal else [order[0]]
    best = held(kept)
    train.say(args, {"event": "soup", "names": kept, "value": round(best, 4)})
    for name in () if a.equal else order[1:]:
        if time.monotonic() - began > a.max_seconds:
            break
        score = held([*kept, name])
        train.say(
            args,
            {
                "event": "soup",
                "names": [*kept, name],
                "value": round(score, 4),
                "kept": score > best,
            },
        )
        if score > best:
            best, kept = score, [*kept, name]
    tagger.load_state_dict(mean(kept), strict=False)
    params = list(tagger.parameters())
    train.evaluate(
        args,
        tagger,
        params,
        [p.detach().clone() for p in params],
        judge,
        device,
        0,
        0,
        -1.0,
        final=True,
    )


if __name__ == "__main__":
    main()
