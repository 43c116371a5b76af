"""Questions and answers inside a passage, and what a plain yes or no turns a question into.

Question-and-answer pages, interviews and hearings give their evidence as an answer that means
little without its question: "Has the bridge been sold? No." says that the bridge has not been sold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from onrecord.span import Span, shrunk

__all__ = ["Exchange", "Reply", "begins_with_question", "exchanges", "proposition", "reply_of"]


class Reply(StrEnum):
    """How an answer begins."""

    YES = "yes"
    NO = "no"
    OPEN = "open"  # neither: the answer is a statement of its own
    NONE = "none"  # the answer says that there is none


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, as spans into the passage; `question` is empty where none is."""

    question: Span
    answer: Span
    reply: Reply


_AUXILIARIES = (
    "did|do|does|is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|"
    "didn't|don't|doesn't|isn't|aren't|wasn't|weren't|hasn't|haven't|hadn't|can't|won't"
)
_CAPITAL_OPENERS = "|".join(
    word.capitalize()
    for word in (
        *"what where when who whom whose which why how".split(),  # noqa: SIM905
        *_AUXILIARIES.split("|"),
    )
)
# A question begins with a capital and ends with its mark inside 400 characters; a full stop that
# ends a sentence in between means that the opener stands in an answer.
_QUESTION = re.compile(
    rf"(?:(?<=\s)|^)(?:{_CAPITAL_OPENERS})\b(?:[^?.!]|[.!](?!\s+[A-Z])){{2,400}}\?"
)
_OPENER = re.compile(rf"(?<=\s)(?:{_CAPITAL_OPENERS})\b")
_FIRST = re.compile(rf"\s*(?:{_CAPITAL_OPENERS})\b")
_POLAR = re.compile(rf"^(?:{_AUXILIARIES})\s+", re.IGNORECASE)
_EXISTS = re.compile(r"^(?:there|any|anyone|anybody)\s+", re.IGNORECASE)
_YES = re.compile(r"^[\W_]{0,3}(?:yes|yeah|correct|true|indeed)\b", re.IGNORECASE)
_NO = re.compile(
    r"^[\W_]{0,3}(?:no|nope|never|not (?:true|correct|at all|exactly)|false|incorrect)\b"
    r"(?!\s+(?:longer|one|more|less|fewer|doubt)\b)",
    re.IGNORECASE,
)
_NOTHING_FOUND = re.compile(
    r"^[\W_]{0,3}(?:no answer (?:could|can|was|has)|(?:there (?:is|was|are|were) )?no (?:answer|"
    r"information|details?|reply|response)\b|"
    r"(?:this|it|that) (?:is|was) not (?:mentioned|known|stated|specified)|"
    r"(?:unknown|unclear|not (?:known|stated|specified|mentioned|available))\b)",
    re.IGNORECASE,
)


def reply_of(answer: str) -> Reply:
    """How the answer begins.

    >>> reply_of("No, it was sold in 2019.").value, reply_of("No answer could be found.").value
    ('no', 'none')
    """
    if not answer.strip() or _NOTHING_FOUND.match(answer):
        return Reply.NONE
    if _NO.match(answer):
        return Reply.NO
    return Reply.YES if _YES.match(answer) else Reply.OPEN


def proposition(question: str) -> str:
    """What a yes would state, without its auxiliary; empty for a question that asks more.

    The words stay in the order of the question: finding where its subject ends needs a parser,
    and a model that compares words reads "the mayor sold the bridge" and "was the bridge sold"
    well without.

    >>> proposition("Has the mayor sold the bridge?")
    'the mayor sold the bridge.'
    """
    words = question.strip().rstrip("?").strip()
    found = _POLAR.match(words)
    if found is None:
        return ""
    rest = _EXISTS.sub("", words[found.end() :]).strip()
    return f"{rest}." if rest else ""


def begins_with_question(text: str) -> bool:
    """Whether the first word of a text is one that asks, with or without a mark at the end.

    >>> begins_with_question("Who owns the bridge The town"), begins_with_question("The town.")
    (True, False)
    """
    return _FIRST.match(text) is not None


def exchanges(text: str) -> tuple[Exchange, ...]:
    """The questions of a text with what follows each, in order; `()` where there is no question.

    What stands before the first question is an answer without one. Linear in the length.

    >>> [e.reply.value for e in exchanges("Was it sold? No. Who owns it? The town.")]
    ['no', 'open']
    """
    asked = [Span(*_last_opener(text, found.span())) for found in _QUESTION.finditer(text)]
    if not asked:
        return ()
    out = []
    first = shrunk(text, Span(0, asked[0].start))
    if first.n_chars:
        out.append(Exchange(Span(0, 0), first, reply_of(first.of(text))))
    for question, after in zip(asked, [*(s.start for s in asked[1:]), len(text)], strict=True):
        answer = shrunk(text, Span(question.end, after))
        out.append(Exchange(question, answer, reply_of(answer.of(text))))
    return tuple(out)


def _last_opener(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The question without an answer before it that lost its full stop."""
    start, end = span
    for found in _OPENER.finditer(text, start + 1, end):
        # "What did she say When asked?" stays whole: fewer than three words cannot be a question.
        if text[found.start() : end].count(" ") > 1:
            start = found.start()
    return start, end
