"""The trained scorer: cleaning, masks, and the packaged weights."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from onrecord.claims import score
from onrecord.claims.detect import score_by_signs
from onrecord.claims.masks import masked
from onrecord.claims.score import MODEL, TrainedScorer, cleaned, open_scorer
from onrecord.errors import ModelError, PipelineError
from onrecord.models import Model, open_model, stated_digest
from onrecord.models.cards import with_tables
from onrecord.ports import Ports
from onrecord.settings import Settings
from onrecord.stages import CLAIM_SCORERS, claim_scorer, stages_for

CLEANED = [
    ("MARSH: The dam leaked.", "The dam leaked."),
    ("Ann B. MARSH: The dam leaked.", "The dam leaked."),
    ('"The dam leaked."', "The dam leaked."),
    ('"He said ""no"" twice."', 'He said "no" twice.'),
    ('"Yes," he said, "it leaked"', '"Yes," he said, "it leaked"'),
    ("The  dam\nleaked.", "The dam leaked."),
    ("At noon: nothing.", "At noon: nothing."),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), CLEANED)
def test_text_is_cleaned_as_in_training(text, expected):
    assert cleaned(text) == expected


SWAPS = [
    ("Republicans cut the budget.", "Democrats cut the budget."),
    ("The left-wing plan failed.", "The right-wing plan failed."),
    ("The United States sent 40 tanks.", "China sent 40 tanks."),
    ("Two Turkish jets crossed the border.", "Two Greek jets crossed the border."),
    ("CNN paid a witness.", "Fox News paid a witness."),
    ("The Guardian paid a witness.", "The Telegraph paid a witness."),
    ("Daniel Marsh owns three houses.", "Amina Yusuf owns three houses."),
]


@pytest.mark.parametrize(("text", "swapped"), SWAPS)
def test_a_name_and_its_counterpart_are_read_alike(text, swapped):
    assert masked(text) == masked(swapped) != text


@pytest.mark.parametrize(
    "text", ["Green apples rotted.".lower(), "The USA1 cable broke.", "It cost US$40.", ""]
)
def test_what_only_looks_like_a_name_stays(text):
    assert masked(text) == text


class WordCounts:
    """A tokenizer of words: a token is the number of its first letter."""

    def encode_batch(self, texts, *, add_special_tokens):
        assert not add_special_tokens
        return [SimpleNamespace(ids=[ord(word[0]) for word in text.split()]) for text in texts]


class Session:
    """Gives a text the number of its tokens as its logit."""

    def __init__(self):
        self.seen = []

    def run(self, _names, given):
        assert given["ids"].shape[0] == 1
        self.seen.append(given["ids"][0].tolist())
        return [np.array([float(given["ids"].shape[1])])]


def test_a_text_that_was_read_scores_the_same_again():
    scorer = TrainedScorer(Session(), WordCounts(), 1, 2, 128, 1.0, 0.5)
    texts = ["a b c", "a", "", "a b c", "a b"]
    first = scorer(texts)
    assert len(scorer.session.seen) == 4
    assert scorer(texts[::-1]) == first[::-1] == scorer(texts)[::-1]
    assert first[0] == first[3] > first[4] > first[1] > first[2]
    assert len(scorer.session.seen) == 4
    assert scorer([]) == ()


def test_what_is_kept_of_scores_has_an_end(monkeypatch):
    monkeypatch.setattr(score, "KEPT_SCORES", 3)
    scorer = TrainedScorer(Session(), WordCounts(), 1, 2, 128, 1.0, 0.5)
    for n in range(20):
        assert scorer([f"a {n}"]) == scorer(["a b"])
        assert len(scorer.known) <= 3


@pytest.fixture(scope="module")
def scorer():
    return open_scorer()


@pytest.mark.model
def test_a_figure_deserves_a_check_more_than_a_greeting(scorer):
    figure, greeting = scorer(
        ["Crime rose by 40 percent in two years.", "Good evening to you all."]
    )
    assert figure > scorer.threshold > greeting


@pytest.mark.model
def test_a_score_does_not_depend_on_its_neighbours(scorer):
    texts = ["The mill closed in 2016.", "What a lovely day it is!", "Crime rose by 40 percent."]
    assert scorer(texts) == tuple(scorer([text])[0] for text in texts)


@pytest.mark.model
def test_hostile_texts_get_a_score(scorer):
    texts = ["", " ", "\u202e\u0000", "a" * 20_000, "word " * 5_000, "\U0001f600" * 40]
    assert all(0 <= worth <= 1 for worth in scorer(texts))


@pytest.mark.model
def test_equal_texts_get_equal_scores_in_order(scorer):
    first, second, third = scorer(["The dam leaked.", "Hello.", "The dam leaked."])
    assert first == third != second


def test_missing_weights_name_the_rule_twin(tmp_path):
    with pytest.raises(ModelError, match="claims = 'signs'"):
        open_scorer(Model(MODEL, tmp_path, {"files": {}}))


def test_a_manifest_without_a_threshold_names_the_key():
    model = open_model(MODEL)
    told = {key: value for key, value in model.manifest.items() if key != "threshold"}
    with pytest.raises(ModelError, match=r"'threshold'.*claims = 'signs'"):
        open_scorer(Model(MODEL, model.folder, told))


def test_the_stage_carries_the_digest_of_its_weights():
    stages = {stage.name: stage for stage in stages_for(Settings(), Ports())}
    assert stages["claims"].model_digest == stated_digest(MODEL, "model.onnx")
    assert len(stages["claims"].model_digest) == 64


def test_no_digest_is_stated_without_a_manifest(tmp_path):
    assert stated_digest(MODEL, "model.onnx", tmp_path) is None


def test_scorers_are_found_by_name():
    assert set(CLAIM_SCORERS) == {"model", "signs"}
    signs = claim_scorer("signs")
    assert signs.score(["The dam cost 4 million."]) == score_by_signs(["The dam cost 4 million."])
    assert 0 < signs.threshold < 1


def test_an_unknown_scorer_names_those_there_are():
    with pytest.raises(PipelineError, match="built in: model, signs"):
        claim_scorer("guess")


def test_the_tables_of_the_card_are_those_of_the_manifest():
    model = open_model(MODEL)
    card = (model.folder / "card.md").read_text(encoding="utf-8")
    assert with_tables(card, model.manifest) == card
