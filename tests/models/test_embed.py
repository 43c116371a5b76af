from __future__ import annotations

import numpy as np
import pytest

from onrecord.models import installed
from onrecord.models.embed import NAME, open_embedder

pytestmark = pytest.mark.skipif(NAME not in installed(), reason="no embedder is packaged")

TEXTS = [
    "The Harrow bridge was closed because of rust.",
    "Rust shut the bridge at Harrow.",
    "Ferries to Sollund were cancelled in March.",
    "",
    "word " * 400,
]


@pytest.fixture(scope="module")
def embedder():
    return open_embedder()


def test_vectors_have_length_one_and_the_order_of_the_texts(embedder):
    together = embedder(TEXTS)
    assert together.shape == (len(TEXTS), embedder.n_dimensions)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)
    for row, text in zip(together, TEXTS, strict=True):
        # 8-bit activations are scaled by batch, so a text alone differs a little.
        assert float(row @ embedder([text])[0]) > 0.97


def test_a_reworded_claim_is_nearer_than_another_one(embedder):
    first, reworded, other, *_ = embedder(TEXTS)
    assert first @ reworded > first @ other + 0.2


def test_no_texts_give_no_vectors(embedder):
    assert embedder([]).shape == (0, embedder.n_dimensions)
