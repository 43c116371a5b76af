"""A simulator of who sends replies to a desk: good readers, known ones, and six kinds of spam.

Its assumptions, with a reason each, stand in docs/background/replies.md; a change here is a change
there. Everything is drawn from one seed, so that a run can be repeated. Texts come from sets of
real comments and spam where a folder holds them, else from frames written for this.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.rows import all_rows
from onrecord.newsroom.replies import MAX_TEXT, Incoming, cut_address
from onrecord.newsroom.spam_proof import new_proof
from onrecord.terms import ReplyKind

BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
N_DAYS = 14
KEY = b"a key of the simulator, no secret"
GOOD, KNOWN, CLAIMANT = "good reader", "known writer", "claimant"
ONE_TEXT, ONE_NET, LINK_FARM, COPIED, HUMAN, BOT = (
    "one text, many senders",
    "many texts, one network",
    "link farm",
    "copied comment with a link",
    "slow human spam",
    "bot without a form",
)
SPAM = (ONE_TEXT, ONE_NET, LINK_FARM, COPIED, HUMAN, BOT)
# How many of each at size 1.
NUMBERS = {GOOD: 900, KNOWN: 120, CLAIMANT: 20} | dict.fromkeys(SPAM, 120)
# Sets that texts are drawn from; none of them trained the seed of the filter.
GOOD_SETS = ("news_comments_ham",)
SPAM_SETS = ("youtube_uci", "sms_uci", "enron")

SHARE_WITH_EMAIL = 0.4
SHARE_WITH_LINK = 0.08  # of good readers who show where they have it from
SHARE_ABOUT = 0.3  # of good readers who name what the check is about
SHARE_SHARED_NET = 0.15  # behind one of a few networks of a carrier or an employer
SHARE_OLD_FORM = 0.02  # sent from a tab that was open for days
SHARE_TWICE = 0.02  # sent twice by a double click
N_SHARED_NETS = 12
KINDS = ((ReplyKind.COMMENT, 0.8), (ReplyKind.CORRECTION_REQUEST, 0.12), (ReplyKind.TIP, 0.08))


@dataclass(frozen=True)
class Sent:
    """One reply on its way: when it is sent, by whom, and whether a person would call it spam."""

    at: datetime
    sender: str
    incoming: Incoming

    @property
    def is_spam(self) -> bool:
        """Whether an editor would quarantine it."""
        return self.sender in SPAM


@dataclass(frozen=True)
class Texts:
    """What is sent: comments and spam, in an order that the seed decides."""

    good: Sequence[str]
    spam: Sequence[str]


def texts(folder: Path | None, *, seed: int) -> Texts:
    """Texts for a seed: odd seeds draw from one half of each set, even ones from the other."""
    good = _from_sets(folder, GOOD_SETS, is_spam=False, seed=seed)
    spam = _from_sets(folder, SPAM_SETS, is_spam=True, seed=seed)
    chance = random.Random(seed)
    if not good:
        good = [_filled(chance, GOOD_FRAMES) for _ in range(2_000)]
    if not spam:
        spam = [_filled(chance, SPAM_FRAMES) for _ in range(600)]
    return Texts(tuple(good), tuple(spam))


def senders(checks: Sequence[str], drawn: Texts, *, seed: int, size: float = 1.0) -> list[Sent]:
    """Everything that is sent to these checks in two weeks, in order of time."""
    world = _World(random.Random(seed), tuple(checks), drawn)
    out: list[Sent] = []
    for name, number in NUMBERS.items():
        out += _MADE[name](world, max(1, round(number * size)))
    return sorted(out, key=lambda sent: (sent.at, sent.incoming.text))


class _World:
    """What the senders share: chance, the checks, and texts that are used once."""

    def __init__(self, chance: random.Random, checks: tuple[str, ...], drawn: Texts) -> None:
        self.chance = chance
        self.checks = checks
        self.good = list(drawn.good)
        self.spam = list(drawn.spam)
        chance.shuffle(self.good)
        chance.shuffle(self.spam)
        self.used: list[str] = []
        self.shared = [self.net() for _ in range(N_SHARED_NETS)]
        self.n = 0

    def net(self) -> str:
        a, b, c = (self.chance.randrange(1, 255) for _ in range(3))
        if self.chance.random() < 0.3:
            return cut_address(f"2001:{a:x}{b:02x}:{c:x}::1")
        return cut_address(f"{11 + a % 80}.{b}.{c}.7")

    def name(self) -> str:
        return f"{self.chance.choice(FIRST)} {self.chance.choice(LAST)}"

    def email(self) -> str:
        self.n += 1
        return f"{self.chance.choice(FIRST).lower()}{self.n}@mail{self.n % 7}.example"

    def at(self) -> datetime:
        return BEGIN + timedelta(seconds=self.chance.randrange(N_DAYS * 86_400))

    def good_text(self) -> str:
        text = self.good.pop() if self.good else _filled(self.chance, GOOD_FRAMES)
        self.used.append(text)
        return text

    def spam_text(self) -> str:
        return self.spam.pop() if self.spam else _filled(self.chance, SPAM_FRAMES)

    def link(self) -> str:
        host = "".join(self.chance.choice("abcdeiklmnorst") for _ in range(9))
        return f"https://{host}.example/{self.chance.randrange(10_000)}"

    def sent(self, who: str, at: datetime, text: str, **given: str) -> Sent:
        """A reply from a form that was open for a while, in a network of its own unless given."""
        check = given.pop("check", "") or self.chance.choice(self.checks)
        opened = at - timedelta(seconds=self.chance.choice((20, 45, 90, 240, 900, 5_000)))
        plain = {
            "name": self.name(),
            "sender": self.net(),
            "proof": new_proof(KEY, check, now=opened),
        }
        kind = ReplyKind(given.pop("kind", ReplyKind.COMMENT))
        return Sent(at, who, Incoming(check, kind, text=text[:MAX_TEXT], **(plain | given)))


def _good(world: _World, number: int) -> list[Sent]:
    out = []
    chance = world.chance
    for _ in range(number):
        text, at = world.good_text(), world.at()
        given: dict[str, str] = {}
        if chance.random() < SHARE_WITH_LINK:
            text += f" {chance.choice(('See', 'Source:', 'It says so here:'))} {world.link()}"
        if chance.random() < SHARE_WITH_EMAIL:
            given["email"] = world.email()
        if chance.random() < SHARE_SHARED_NET:
            given["sender"] = chance.choice(world.shared)
        kinds, weights = zip(*KINDS, strict=True)
        given["kind"] = chance.choices(kinds, weights)[0].value
        given["check"] = chance.choice(world.checks)
        if chance.random() < SHARE_ABOUT:
            text = f"{chance.choice(ABOUT).format(check=ARTICLE)} {text}"
        if chance.random() < SHARE_OLD_FORM:
            given["proof"] = new_proof(KEY, given["check"], now=at - timedelta(days=5))
        one = world.sent(GOOD, at, text, **given)
        out.append(one)
        if chance.random() < SHARE_TWICE:
            out.append(Sent(at + timedelta(seconds=1), GOOD, one.incoming))
    return out


def _known(world: _World, number: int) -> list[Sent]:
    """Forty people who write three times each; an editor approves what each sends first."""
    out = []
    for _ in range(max(1, number // 3)):
        who = {"name": world.name(), "email": world.email(), "sender": world.net()}
        for day in (0, 4, 9):
            at = BEGIN + timedelta(days=day, seconds=world.chance.randrange(86_400))
            out.append(world.sent(KNOWN, at, world.good_text(), **who))
    return out


def _claimants(world: _World, number: int) -> list[Sent]:
    """Claimants answer in their own words, with links and from anywhere; a few by script."""
    kind = ReplyKind.CLAIMANT_ANSWER.value
    out = []
    for i in range(number):
        text = f"I was asked about this. {world.good_text()} Our figures: {world.link()} {world.link()}"
        given = {"kind": kind} | ({"proof": ""} if i % 4 == 0 else {})
        out.append(world.sent(CLAIMANT, world.at(), text, **given))
    return out


def _one_text(world: _World, number: int) -> list[Sent]:
    """Campaigns of 15: one text, a few words changed, sent under many checks from many networks."""
    out = []
    for start in range(0, number, 15):
        text, at = _long_enough(world), world.at()
        for i in range(min(15, number - start)):
            changed = _changed(world.chance, text) if i else text
            later = at + timedelta(minutes=world.chance.randrange(1, 2_000))
            out.append(world.sent(ONE_TEXT, later, changed))
    return out


def _one_net(world: _World, number: int) -> list[Sent]:
    """Waves of 20 within half an hour, another text each, all from one network."""
    out = []
    for start in range(0, number, 20):
        net, at = world.net(), world.at()
        for i in range(min(20, number - start)):
            later = at + timedelta(seconds=90 * i)
            out.append(world.sent(ONE_NET, later, world.spam_text(), sender=net))
    return out


def _link_farm(world: _World, number: int) -> list[Sent]:
    """A friendly line and three to six links, some as markup; the forms are ours."""
    out = []
    for _ in range(number):
        links = [world.link() for _ in range(world.chance.randrange(3, 7))]
        if world.chance.random() < 0.5:
            links = [f"[url={one}]{world.chance.choice(SOLD)}[/url]" for one in links]
        line = world.chance.choice(
            ("Nice post!", "Very helpful, thanks.", "I agree.", "Great check")
        )
        out.append(world.sent(LINK_FARM, world.at(), " ".join((line, *links))))
    return out


def _copied(world: _World, number: int) -> list[Sent]:
    """What a good reader wrote, sent again a while later with one link behind it."""
    out = []
    for _ in range(number):
        text = f"{world.chance.choice(world.used)} {world.link()}"
        out.append(world.sent(COPIED, BEGIN + timedelta(days=N_DAYS), text))
    return out


def _human(world: _World, number: int) -> list[Sent]:
    """Somebody paid for it: a form of ours, a network of its own, one text, at a person's speed."""
    return [world.sent(HUMAN, world.at(), world.spam_text()) for _ in range(number)]


def _bot(world: _World, number: int) -> list[Sent]:
    """Scripts: no form, a form of another check, one sent at once, or the hidden field filled in."""
    out = []
    for i in range(number):
        at, check = world.at(), world.chance.choice(world.checks)
        given = (
            {"proof": ""},
            {"proof": new_proof(b"another", check, now=at - timedelta(minutes=1))},
            {"proof": new_proof(KEY, check, now=at)},
            {"hidden": world.link()},
        )[i % 4]
        out.append(world.sent(BOT, at, world.spam_text(), check=check, **given))
    return out


_MADE = {
    GOOD: _good,
    KNOWN: _known,
    CLAIMANT: _claimants,
    ONE_TEXT: _one_text,
    ONE_NET: _one_net,
    LINK_FARM: _link_farm,
    COPIED: _copied,
    HUMAN: _human,
    BOT: _bot,
}


def _long_enough(world: _World) -> str:
    """A spam text of ten words at least: shorter campaigns exist, and the copies go unseen."""
    for _ in range(50):
        text = world.spam_text()
        if len(text.split()) >= 10:
            return text
    return _filled(world.chance, SPAM_FRAMES)


def _changed(chance: random.Random, text: str) -> str:
    """One word in twenty left out or doubled, and another figure at the end."""
    words = [
        word
        for one in text.split()
        for word in ((one,) if chance.random() > 0.05 else chance.choice(((), (one, one))))
    ]
    return " ".join((*words, str(chance.randrange(1_000))))


def _from_sets(folder: Path | None, names: Sequence[str], *, is_spam: bool, seed: int) -> list[str]:
    out: list[str] = []
    for name in names:
        path = (folder or Path()) / f"{name}.jsonl.gz"
        if folder is None or not path.is_file():
            continue
        rows = all_rows(path, needs=("text", "label"))
        chosen = [r["text"] for r in rows if (r["label"] == "spam") is is_spam]
        # Each set gives as many as the others, so that no one kind of spam decides.
        half = sorted(chosen)[seed % 2 :: 2]
        random.Random(seed).shuffle(half)
        out += half[: 600 if is_spam else None]
    random.Random(seed).shuffle(out)
    return [text[:MAX_TEXT] for text in out if len(text.strip()) >= 5]


def _filled(chance: random.Random, frames: Sequence[str]) -> str:
    return chance.choice(frames).format(
        place=chance.choice(PLACES),
        first=chance.choice(FIRST),
        number=chance.randrange(2, 990),
        year=chance.randrange(1950, 2026),
        thing=chance.choice(THINGS),
        sold=chance.choice(SOLD),
        handle=f"{chance.choice(LAST).lower()}{chance.randrange(10, 99)}",
        link=f"https://{chance.choice(LAST).lower()}{chance.randrange(10, 99)}.example/go",
    )


ARTICLE = "the bridge over the Merrow that opened in 1961"
ABOUT = ("About {check}:", "You write about {check}.", "On {check}, one thing is left out.")
ARTICLE_TEXT = (
    "The claim was that the bridge over the Merrow opened in 1961. The county's register says 1962. "
    "The council paid for the bridge out of a loan, and the engineer who built it kept the bills."
)
FIRST = ("Ada", "Tomas", "Nele", "Iris", "Paolo", "Mara", "Jonas", "Edda", "Samir", "Ruth")
LAST = ("Quill", "Brill", "Harrow", "Lindqvist", "Moreno", "Okafor", "Petrie", "Sand", "Tully")
PLACES = ("Merrow", "Eastfield", "Alder Quay", "Bell Harbour", "Nordby", "the old town")
THINGS = ("the school", "the ferry", "the water works", "the tram", "the library", "the market")
SOLD = ("watches", "pills", "loans", "essays", "shoes", "followers", "slots", "visas")
GOOD_FRAMES = (
    "I grew up in {place} and remember {thing} before {year}. My aunt {first} worked there for {number} weeks.",
    "The figure cannot be right: in {year} there were {number} of them in {place}, and half were closed.",
    "Thank you for checking this. Could you add where the number {number} comes from?",
    "{first} never said that about {thing}. I was in the room, and it was in {year}.",
    "What about {place}? They had {thing} built for less, and nobody asked who paid.",
    "You say {number}, the council said {number} in {year}. Which is it?",
    "I disagree. {thing} was closed in {year} because of the flood, not because of money.",
    "Is there a copy of the minutes of {year}? The clerk in {place} may have one.",
)
SPAM_FRAMES = (
    "Earn ${number} a day from home, no risk, write to me on WhatsApp @{handle} and start with your first {number} dollars",
    "Hello dear, I made {number}% profit with broker {first}, contact him on telegram @{handle} and thank me later",
    "Check out my channel about {thing} and subscribe please, I follow back {link}",
    "Cheap {sold} with free shipping, guaranteed, only today at {link} order now",
    "Congratulations! You have won {number} euros, claim your prize at {link} before midnight",
    "B E S T  C A S I N O bonus {number}% on your first deposit, register now {link}",
    "I was losing hope until a spell caster from {place} helped me, reach him by e-mail {handle}@cure.example",
    "We write {sold} for you, any subject, lowest price, visit {link} and get {number}% off",
)
