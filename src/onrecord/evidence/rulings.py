"""Words with which a passage itself passes judgement on a claim: "fabricated", "no evidence that".

A passage that says "the picture was doctored" refutes a claim about what the picture shows though
it tells no other story; a model that compares two statements does not see that. The words count
only in a passage about the same matter, which the caller sees to, and they are evidence that
somebody judged so, shown as cited words; they are not a judgement of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from onrecord.span import Span

__all__ = ["Ruling", "rulings"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """Words that pass judgement, a span into the passage, and which way."""

    words: Span
    refutes: bool


# Words that call a claim or its carrier untrue. Left out for their other uses: "fake" before a
# noun ("fake bank cards"), "error", "myth", "joke".
_UNTRUE = (
    r"(?:(?:is|was|are|were|as|be|been|being|completely|entirely|totally|simply|patently|labelled|"
    r"labeled|rated|deemed|called|ruled|marked)\s+(?:\w+ly\s+)?(?:not\s+true|untrue|false|fake|"
    r"fabricated|inaccurate|incorrect|misleading|baseless|unfounded|bogus|doctored|edited|"
    r"photoshopped|manipulated|altered|satirical|satire|fictional|a\s+hoax|a\s+fake|a\s+rumou?r|"
    r"a\s+parody|out\s+of\s+context|not\s+(?:accurate|correct|authentic|genuine|real)))"
)
_CARRIERS = (
    r"(?:(?:false|fake|misleading|fabricated|doctored|baseless|unfounded|debunked|untrue|"
    r"inaccurate|bogus|misrepresented|satirical|parody|morphed|photoshopped|manipulated|edited|"
    r"altered|imaginary|fictional)\s+(?:\w+\s+)?(?:claims?|stor(?:y|ies)|news|posts?|tweets?|"
    r"accounts?|rumou?rs?|reports?|articles?|videos?|images?|photos?|pictures?|quotes?|statements?|"
    r"information|allegations?|narratives?|websites?|sites?|clips?|screenshots?|letters?))"
)
_DENIED = (
    r"(?:(?:there\s+(?:is|was|has\s+been|were|are)\s+)?(?:no|little|without)\s+(?:\w+\s+)?"
    r"(?:evidence|proof|record|basis|truth|indication|factual\s+basis)\s+(?:that|of|for|to|in|"
    r"showing|supporting|behind|linking)|"
    r"(?:did|does|do|has|have|had|was|were|is|are)\s+(?:not|never)\s+(?:actually|really|in\s+fact)|"
    r"(?:wrongly|falsely|erroneously|incorrectly|mistakenly|misleadingly)\s+\w+|"
    r"debunk(?:ed|s|ing)|misrepresent(?:s|ed|ing)?|taken\s+out\s+of\s+context|"
    r"(?:denied|refuted|rejected|dismissed)\s+(?:the|these|those|this|that|any|such|all|claims?|"
    r"reports?|allegations?|rumou?rs?)|contrary\s+to\s+(?:the|what|claims?|reports?|posts?)|"
    r"(?:a|as|is|was|pure|political|complete|total)\s+(?:satire|hoax|parody)|satir(?:e|ical)\s+"
    r"(?:site|website|page|publication|account|outlet|article|piece|news)|"
    r"self-described\s+satir\w+|"
    r"no\s+such\s+\w+|never\s+(?:said|happened|took\s+place|made|called|wrote|existed|claimed))"
)
_TRUE = (
    r"(?:(?:is|was|are|were)\s+(?:indeed\s+|in\s+fact\s+|actually\s+)?(?:true|correct|accurate|"
    r"authentic|genuine)\b(?!\s+that\s+not)|"
    r"confirm(?:s|ed)\s+(?:that|the\s+(?:claim|report|story|news))|"
    r"(?:claim|statement|figure|quote)s?\s+(?:\w+\s+)?(?:checks\s+out|holds\s+up|is\s+accurate))"
)
_RULING = re.compile(
    rf"\b(?:(?P<no>{_UNTRUE}|{_CARRIERS}|{_DENIED})|(?P<yes>{_TRUE}))", re.IGNORECASE
)
_NEGATED = re.compile(
    r"(?:\bnot|\bnever|n['’]t|\bno one|\bnobody)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)
# Characters before the words in which a negation turns them around: three short words.
_REACH = 30


def rulings(passage: str) -> tuple[Ruling, ...]:
    """The words of judgement in a passage, in order; negated ones are left out.

    >>> passage = "The mayor's letter was fabricated."
    >>> [(r.words.of(passage), r.refutes) for r in rulings(passage)]
    [('was fabricated', True)]
    """
    out = []
    for found in _RULING.finditer(passage):
        before = passage[max(0, found.start() - _REACH) : found.start()]
        if not _NEGATED.search(before):
            out.append(Ruling(Span(*found.span()), found.group("no") is not None))
    return tuple(out)
