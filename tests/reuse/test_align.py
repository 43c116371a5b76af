from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.fingerprint import SHINGLE, words
from onrecord.reuse.align import Run, aligned, stretches

CASES = [
    ("nothing shared", "a b c d e f", "u v w x y z", []),
    ("whole", "a b c d e f", "A, B: c d e f!", [Run(0, 0, 6)]),
    ("too short", "a b c d x", "a b c d y", []),
    ("inside", "x a b c d e y", "a b c d e", [Run(1, 0, 5)]),
    ("swapped parts", "a b c d e v w x y z", "v w x y z a b c d e", [Run(0, 5, 5), Run(5, 0, 5)]),
    (
        "a word replaced",
        "a b c d e f g h i j k",
        "a b c d e Q g h i j k",
        [Run(0, 0, 5), Run(6, 6, 5)],
    ),
    # The second copy finds its words taken and stays without a partner.
    ("copied twice", "a b c d e f x a b c d e f", "a b c d e f", [Run(0, 0, 6)]),
    ("empty", "", "a b c d e f", []),
]


@pytest.mark.parametrize(("case", "first", "second", "expected"), CASES, ids=[r[0] for r in CASES])
def test_shared_runs_are_found(case, first, second, expected):
    assert list(aligned(words(first), words(second))) == expected


letters = st.lists(st.sampled_from("abcdef"), max_size=60)


@settings(deadline=None)
@given(letters, letters)
def test_every_run_is_equal_word_for_word_and_no_word_is_in_two(first, second):
    one, two = words(" ".join(first)), words(" ".join(second))
    runs = aligned(one, two)
    ours = [at for run in runs for at in range(run.first, run.first + run.n)]
    theirs = [at for run in runs for at in range(run.second, run.second + run.n)]
    assert len(set(ours)) == len(ours)
    assert len(set(theirs)) == len(theirs)
    for run in runs:
        assert run.n >= SHINGLE
        assert (
            one.forms[run.first : run.first + run.n] == two.forms[run.second : run.second + run.n]
        )


@settings(deadline=None)
@given(letters, letters)
def test_stretches_hold_every_run_once(first, second):
    runs = aligned(words(" ".join(first)), words(" ".join(second)))
    kept = [run for one in stretches(runs) for run in one.runs]
    assert sorted(kept, key=lambda run: run.first) == list(runs)


def test_a_replaced_word_does_not_part_a_stretch():
    text = [f"w{i}" for i in range(40)]
    changed = [*text[:12], "other", *text[13:25], "another", *text[26:]]
    (one,) = stretches(aligned(words(" ".join(text)), words(" ".join(changed))))
    assert (one.n_equal, one.n_spanned) == (38, 40)


def test_one_repeated_word_costs_no_square():
    text = words("spam " * 100_000)
    assert sum(run.n for run in aligned(text, text)) < 100
