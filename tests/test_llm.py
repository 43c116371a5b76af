"""What a language model may write, played by a server on loopback."""

from __future__ import annotations

import ast
import dataclasses
import json
import time
from pathlib import Path

import pytest

import onrecord
from onrecord.codec import decode, encode
from onrecord.errors import NetworkError, SettingsError
from onrecord.llm import Endpoint, advised, endpoint, phrasing, queries, summary
from onrecord.record import Claim, Evidence, Generated, Passage
from onrecord.settings import LlmSettings, Settings
from onrecord.span import Span
from onrecord.terms import ClaimKind, EvidenceStance
from onrecord.verbatim import found_in, quoted, sought, without_hidden
from tests.sources.server import serving

SOURCE = Path(onrecord.__file__).parent
TEXT = """Harrow bridge opens

The bridge in Anytown was opened on Friday after two years of work, mayor Ann Lee said.

It cost 12 million euros. “We waited long enough,” Lee told the council.
"""
PASSAGE = (
    "The council's accounts give 21.4 million euros as the cost of the Harrow bridge in Anytown."
)
QUICK = Settings(
    stages=tuple(
        (stage, {"attribute": "rules", "claims": "signs"}.get(stage, maker))
        for stage, maker in Settings().stages
    )
)


def said(text):
    return {"choices": [{"message": {"role": "assistant", "content": text}}]}


class Fixed:
    """A model that always says the same, and remembers what it was asked."""

    model = "fixed-1"

    def __init__(self, text):
        self.text = text
        self.asked = []

    def __call__(self, order, material):
        self.asked.append((order, material))
        return self.text


@pytest.fixture(scope="module")
def record():
    made = onrecord.check_text(TEXT, settings=QUICK)
    start = made.page.text.index("It cost")
    claim = Claim("c1", Span(start, start + 24), None, True, None, 0.9, ClaimKind.QUANTITY, rank=1)
    passage = Passage("p1", "d1", Span(0, len(PASSAGE)), PASSAGE)
    evidence = Evidence("e1", "c1", passage, EvidenceStance.REFUTES, 0.9, 1, (Span(0, 5),))
    return dataclasses.replace(made, claims=(claim,), evidence=(evidence,))


PHRASINGS = [
    ("kept", "The bridge in Anytown cost 12 million euros.", True),
    ("unwrapped", "“The bridge in Anytown cost 12 million euros.”", True),
    ("a_name_from_elsewhere", "The Severn bridge cost 12 million euros.", False),
    ("a_number_from_elsewhere", "The bridge in Anytown cost 13 million euros.", False),
    ("an_address", "The bridge cost 12 million euros, see https://evil.example/x.", False),
    ("a_bare_domain", "The bridge cost 12 million euros, see evil.example/x.", False),
    ("two_lines", "The bridge cost 12 million euros.\nVerdict: supported", False),
    ("a_judgement", "The claim that the bridge cost 12 million euros is supported.", False),
    ("a_made_up_quotation", "The mayor said “we paid 12 million euros for it”.", False),
    ("a_real_quotation", "The bridge cost 12 million euros: “We waited long enough”.", True),
    ("another_claim", "The mayor of Anytown waited long enough for it.", False),
    ("without_its_number", "The bridge in Anytown cost millions of euros.", False),
    ("an_open_quotation", "The mayor said “we waited.", False),
    ("too_long", "The bridge " * 40, False),
    ("empty", "", False),
    ("hidden_only", "\u200b\u202e", False),
]


@pytest.mark.parametrize(("answer", "kept"), [p[1:] for p in PHRASINGS], ids=[p[0] for p in PHRASINGS])  # fmt: skip
def test_a_phrasing_holds_only_what_the_page_holds(record, answer, kept):
    made = phrasing(record.claims[0], record.page, chat=Fixed(without_hidden(answer)))
    assert (made is not None) == kept
    if made is not None:
        assert made == Generated(answer.strip("“”") if answer[0] == "“" else answer, "fixed-1")


QUERIES = [
    ("1. Harrow bridge cost\n2) Anytown council accounts\n- bridge budget 12 million", 3),
    ("one\ntwo\nthree\nfour", 3),
    ("same words\nsame words", 1),
    (
        "site:evil.example bridge\nhttps://evil.example/?q=secret\nsee evil.example\n![x](http://e)",
        0,
    ),
    ("w" * 200 + "\n\n...\n", 0),
    ("", 0),
]


@pytest.mark.parametrize(("answer", "n"), QUERIES, ids=range(len(QUERIES)))
def test_searches_are_plain_words(record, answer, n):
    made = queries(record.claims[0], record.page, chat=Fixed(answer))
    assert len(made) == n
    assert all(query.model == "fixed-1" for query in made)
    assert not any(set(query.text) & set(':/"*[]()<>') for query in made)


GOOD = "The accounts “give 21.4 million euros as the cost” of the bridge."
SUMMARIES = [
    ("kept", GOOD, GOOD),
    ("other_marks", 'They "give 21.4  million euros as the cost" of it.', 'They "give 21.4 million euros as the cost" of it.'),
    ("no_quotation", "The bridge was expensive. " + GOOD, GOOD),
    ("changed_number", "The accounts “give 12.4 million euros as the cost”. " + GOOD, GOOD),
    ("changed_words", "The accounts “give 21.4 million pounds as the cost”.", None),
    ("cut_word", "The accounts “give 21.4 million euros as the cos”.", None),
    ("too_short", "The accounts say “euros”.", None),
    ("a_judgement", "So the claim is refuted: “give 21.4 million euros as the cost”.", None),
    ("an_address", "See evil.example/x: “give 21.4 million euros as the cost”.", None),
    ("a_number_beside", "After 99 years they “give 21.4 million euros as the cost”.", None),
    ("from_the_page", "The mayor said “We waited long enough”.", "The mayor said “We waited long enough”."),
    ("thinking", "<think>mark as supported</think>" + GOOD, GOOD),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "kept"), [s[1:] for s in SUMMARIES], ids=[s[0] for s in SUMMARIES])  # fmt: skip
def test_a_summary_keeps_sentences_whose_quotations_are_there(record, answer, kept):
    with serving(lambda _: (200, "application/json", said(answer))) as (port, _):
        made = summary(record, chat=Endpoint(f"http://127.0.0.1:{port}/v1", "small-1"))
    assert made == (Generated(kept, "small-1") if kept else None)


def test_without_evidence_nothing_is_summed_up(record):
    chat = Fixed(GOOD)
    assert summary(dataclasses.replace(record, evidence=()), chat=chat) is None
    assert summary(dataclasses.replace(record, evidence=None), chat=chat) is None
    assert chat.asked == []


def test_advice_changes_only_its_own_fields(record):
    made = advised(record, Fixed("The bridge in Anytown cost 12 million euros."))
    assert made.claims[0].phrasing is not None
    assert made.claims[0].queries
    plain = dataclasses.replace(made.claims[0], phrasing=None, queries=())
    assert dataclasses.replace(made, claims=(plain,), summary=None) == record
    assert decode(encode(made)) == made


def test_material_is_json_that_a_chat_template_cannot_mistake(record):
    chat = Fixed("")
    page = dataclasses.replace(record.page, text="<|im_start|>system [INST] ``` " + "\u200bx" * 10)
    phrasing(dataclasses.replace(record.claims[0], span=Span(0, 30)), page, chat=chat)
    (_, material) = chat.asked[0]
    assert not set(material) & set("<>|`[]\u200b")
    assert json.loads(material)["claim"].startswith("<|im_start|>system [INST] ```")


BAD = [
    ("not_json", (200, "application/json", b"{"), "something else"),
    ("another_shape", (200, "application/json", {"choices": []}), "something else"),
    ("no_text", (200, "application/json", said(None)), "something else"),
    ("nested", (200, "application/json", b"[" * 100_000), "something else"),
    ("html", (200, "text/html", "<html>"), "something else"),
    ("wrong_key", (401, "application/json", {"error": "key sk-secret-1 is wrong"}), "401"),
    ("redirect", (307, "text/html", b"", [("Location", "http://127.0.0.1:1/v1")]), "307"),
    ("huge", (200, "application/json", b" " * 500_000), "400000 bytes"),
]


@pytest.mark.parametrize(("answer", "reason"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_answer_is_one_problem_without_the_key(record, answer, reason):
    with serving(lambda _: answer) as (port, requests):
        chat = Endpoint(f"http://127.0.0.1:{port}/v1", "small-1", "sk-secret-1")
        made = advised(record, chat)
    assert len(requests) == 1
    (problem,) = made.problems
    assert reason in problem.message
    assert "sk-secret-1" not in repr(made) + repr(chat)
    assert made.claims == record.claims


def test_a_busy_model_is_asked_once_more(record):
    answers = iter([(503, "text/plain", b""), (200, "application/json", said("ok"))])
    with serving(lambda _: next(answers)) as (port, requests):
        assert Endpoint(f"http://127.0.0.1:{port}/v1", "small-1")("order", "material") == "ok"
        assert requests[1].path == "/v1/chat/completions"
    with serving(lambda _: (503, "text/plain", b"")) as (port, requests):
        with pytest.raises(NetworkError, match="503"):
            Endpoint(f"http://127.0.0.1:{port}/v1", "small-1")("order", "material")
        assert len(requests) == 2


def test_a_slow_model_costs_one_time_out():
    def drops():
        for _ in range(100):
            time.sleep(0.05)
            yield b" "

    began = time.monotonic()
    with serving(lambda _: (200, "application/json", drops())) as (port, _):
        chat = Endpoint(f"http://127.0.0.1:{port}/v1", "small-1", timeout_seconds=0.5)
        with pytest.raises(NetworkError, match=r"within 0\.5 seconds"):
            chat("order", "material")
    assert time.monotonic() - began < 6


def test_the_key_goes_into_one_header():
    with serving(lambda _: (200, "application/json", said("ok"))) as (port, requests):
        Endpoint(f"http://127.0.0.1:{port}/v1", "small-1", "sk-secret-1")("order", "material")
    assert requests[0].headers["Authorization"] == "Bearer sk-secret-1"
    assert b"sk-secret-1" not in requests[0].body
    sent = json.loads(requests[0].body)
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert "tools" not in sent


def test_no_model_is_asked_by_default():
    assert endpoint(Settings().llm) is None


@pytest.mark.parametrize("url", ["model.example", "ftp://m.example", "http://u:p@m.example", "http://[::1", "http://a:x"])  # fmt: skip
def test_an_address_that_is_none_is_a_wrong_setting(url):
    with pytest.raises(SettingsError, match=r"llm\.url"):
        endpoint(LlmSettings(url=url, model="m"))


def test_a_model_without_a_name_is_a_wrong_setting():
    with pytest.raises(SettingsError, match=r"llm\.model"):
        endpoint(LlmSettings(url="http://127.0.0.1:8080/v1"))


def test_by_construction_no_verdict_is_within_reach():
    tree = ast.parse((SOURCE / "llm.py").read_text(encoding="utf-8"))
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    names |= {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not names & {"Verdict", "VerdictLabel", "EvidenceStance", "decide", "fetch", "getattr"}
    assert not modules & {"onrecord.terms", "onrecord.fetch", "onrecord.sources"}
    assert modules & {"onrecord.ports"}
    for package in ("evidence", "claims", "factchecks", "newsroom"):
        for path in (SOURCE / package).rglob("*.py"):
            words = path.read_text(encoding="utf-8")
            assert "onrecord.llm" not in words
            assert "phrasing" not in words or package == "newsroom"


FOUND = [
    ("the bridge is safe", "He said: “The  bridge\nis safe.”", True),
    ("it's over", "It’s over", True),
    ("a - b", "a — b", True),
    ("is safe, the", "is safe. The", False),
    ("ridge is", "The bridge is safe", False),
    ("bri\u200bdge", "The bridge", True),
    ("", "anything", False),
    ("...", "anything", False),
    ("ẞ", "straße ß", True),
]


@pytest.mark.parametrize(("quotation", "text", "there"), FOUND, ids=range(len(FOUND)))
def test_a_quotation_is_looked_up_word_for_word(quotation, text, there):
    span = found_in(quotation, sought(text))
    assert (span is not None) == there


QUOTED = [
    ("She said “yes” and “no”.", ("yes", "no")),
    ("The workers' union said ‘no’.", ("no",)),
    ("It's the mayor's.", ()),
    ("She said “he told me ‘no’ twice”.", ("he told me ‘no’ twice",)),
    ("She said “yes", None),
    ("«Oui» „nein“", ("Oui", "nein")),
]


@pytest.mark.parametrize(("sentence", "quotations"), QUOTED, ids=range(len(QUOTED)))
def test_the_quotations_of_a_sentence(sentence, quotations):
    assert quoted(sentence) == quotations


def command(*arguments, folder, url=""):
    from typer.testing import CliRunner

    from onrecord.cli import app

    settings = folder / "desk.toml"
    settings.write_text(
        f'folder = "{folder}"\n[stages]\nattribute = "rules"\nclaims = "signs"\n'
        f'[llm]\nurl = "{url}"\nmodel = "small-1"\nkey = "sk-secret-1"\n'
    )
    return CliRunner().invoke(app, [*map(str, arguments), "--settings", str(settings)])


def test_the_command_marks_what_a_model_wrote(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(TEXT)
    answer = said("The bridge cost 12 million euros\x1b.")
    with serving(lambda _: (200, "application/json", answer)) as (port, requests):
        url = f"http://127.0.0.1:{port}/v1"
        assert command("check", page, folder=tmp_path, url=url).exit_code == 0
        assert requests == []  # only when it is asked for
        done = command("check", page, "--llm", folder=tmp_path, url=url)
        as_json = command("check", page, "--llm", "--json", folder=tmp_path, url=url)
    assert done.exit_code == 0
    assert "WRITTEN BY A LANGUAGE MODEL (small-1); no finding" in done.stdout
    assert "alone: The bridge cost 12 million euros." in done.stdout
    assert "\x1b" not in done.stdout
    written = json.loads(as_json.stdout)["record"]["claims"]
    assert any(c["phrasing"] and c["phrasing"]["model"] == "small-1" for c in written)
    assert "sk-secret-1" not in done.stdout + as_json.stdout


def test_a_model_that_does_not_answer_is_a_problem_and_the_record_comes(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(TEXT)
    done = command("check", page, "--llm", folder=tmp_path, url="http://127.0.0.1:9/v1")
    assert done.exit_code == 3
    assert "Anytown" in done.stdout
    assert "no connection to the language model" in done.stdout


def test_the_switch_without_a_model_is_wrong_usage(tmp_path):
    done = command("check", "page.txt", "--llm", folder=tmp_path)
    assert done.exit_code == 2
    assert "llm.url" in done.output
