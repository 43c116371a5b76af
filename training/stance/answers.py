"""Questions, answers and reports made from claims: forms that a passage about a claim may take.

A question states nothing, however many words of the claim it repeats; its answer does. A report
says of a claim that it is so, that it is not so, or that nobody knows. All wording is hand-written.
"""

from __future__ import annotations

import random
import re

from names import NEGATED, VERB

STARTS = {
    *("the", "a", "an", "it", "he", "she", "his", "her", "their", "they", "this", "that", "these"),
    *(
        "there",
        "in",
        "on",
        "at",
        "during",
        "after",
        "before",
        "some",
        "many",
        "most",
        "all",
        "both",
    ),
    *("one", "two", "three", "several", "people", "more", "less", "no", "only"),
}
CLAUSE = re.compile(r"[,;:(]|\b(that|who|which|whose|where|when|while|and|or|if|because)\b")
LONGEST_SUBJECT = 8  # words before the verb, for a question by inversion

WHETHER = (
    "Is it true that {c}?",
    "Is the claim that {c} true?",
    "Is there evidence that {c}?",
    "Is it correct that {c}?",
    "Do the records show that {c}?",
    "Has it been established that {c}?",
    "Did anyone confirm that {c}?",
    "What do we know about the claim that {c}?",
)
YES = (
    "Yes",
    "Yes.",
    "Yes, this is correct.",
    "Yes, that is what the records show.",
    "Yes, it was confirmed.",
    "This is true.",
)
NO = (
    "No",
    "No.",
    "No, this is not correct.",
    "No, there is no evidence of this.",
    "No There is no record of it.",
    "This is false.",
    "No, that was never said.",
)
UNKNOWN = (
    "No answer could be found.",
    "This could not be determined.",
    "It is not clear from the sources.",
    "We asked for clarification and have not heard back.",
    "The sources do not say.",
    "There is not enough information to tell.",
    "",  # a question alone settles nothing
)
ASIDES = (
    ("Where did the claim come from?", "A post that was shared on social media."),
    ("Where did the claim come from?", "It was said in a speech."),
    ("When was the claim made?", "It was made in the autumn of that year."),
    ("Who made the claim?", "A candidate in a debate."),
    ("Who said this?", "A user whose account has since been closed."),
    ("Which country does the claim refer to?", "It does not name one."),
    ("What is the source of this?", "A web page that collects articles of others."),
    ("Is there a video of it?", "No"),
    ("Has anybody else reported it?", "No answer could be found."),
    ("What does the photograph show?", "A crowd in front of a building."),
)
SO = (
    "Records confirm that {c}.",
    "It is true that {c}.",
    "A spokesman confirmed that {c}.",
    "The report found that {c}.",
    "We found that {c}.",
    "The results show that {c}.",
    "There is strong evidence that {c}.",
    "The ministry acknowledged that {c}.",
    "Our findings confirm that {c}.",
)
NOT_SO = (
    "It is not true that {c}.",
    "The claim that {c} is false.",
    "There is no evidence that {c}.",
    "The ministry dismissed as false the reports that {c}.",
    "A story that {c} was made up.",
    "It is a myth that {c}.",
    "Fact-checkers rated false the claim that {c}.",
    "Our results do not support the view that {c}.",
    "We found no evidence that {c}.",
    "The rumour that {c} has been refuted.",
)
OPEN = (
    "It is not known whether {c}.",
    "It remains unclear whether {c}.",
    "The committee asked whether {c}.",
    "Further studies are needed to establish whether {c}.",
    "We set out to test whether {c}.",
    "Whether {c} has not been studied.",
    "Data on whether {c} are lacking.",
    "The trial will examine whether {c}.",
)


def inside(claim: str) -> str:
    """Return ``claim`` as it stands inside a sentence: no full stop, an ordinary first word small.

    >>> inside("The bridge is closed.")
    'the bridge is closed'
    """
    claim = claim.strip().rstrip(" .")
    first = claim.split(" ", 1)[0]
    return claim[:1].lower() + claim[1:] if first.lower() in STARTS else claim


def question(claim: str, rng: random.Random) -> str:
    """Return a question whose answer settles ``claim``, by inversion where that is safe."""
    found = list(VERB.finditer(claim))
    if len(found) == 1 and found[0].group() not in {"do", "does", "did"} and rng.random() < 0.7:
        m = found[0]
        subject = claim[: m.start()].strip()
        if (
            subject
            and len(subject.split()) <= LONGEST_SUBJECT
            and not CLAUSE.search(subject)
            and not NEGATED.search(claim)
        ):
            rest = claim[m.end() :].strip().rstrip(" .")
            return f"{m.group().capitalize()} {inside(subject)} {rest}?"
    return rng.choice(WHETHER).format(c=inside(claim))


def report(claim: str, how: str, rng: random.Random) -> str:
    """Return a sentence that says of ``claim`` that it is so (supported), not so, or open."""
    forms = {"supported": SO, "refuted": NOT_SO, "nei": OPEN}[how]
    text = rng.choice(forms).format(c=inside(claim))
    return text[:1].upper() + text[1:]


def answer(how: str, rng: random.Random) -> str:
    """Return a short answer to a question about the claim."""
    return rng.choice({"supported": YES, "refuted": NO, "nei": UNKNOWN}[how])
