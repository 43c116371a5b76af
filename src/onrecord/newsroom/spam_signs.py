"""Signs of spam that hold for any subject and year: what a reply asks for, and how it is dressed.

Each sign is a number from 0 to 1. The words were written down from what comment spam is known to
ask for (to click, to join, to bet, to invest, to call), not taken from any set of the bench. Words
that the readers of a fact-check use all the time ("claim", "trial", "vote", "see") are left out.
`RULE_WEIGHTS` is the rule twin of the text model: it needs no weights and gives tests and a desk
without the package's weights something to go by.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from onrecord.newsroom.spam_text import PlainForm

__all__ = ["RULE_WEIGHTS", "SIGN_NAMES", "rule_logit", "sign_values"]


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TOPICS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "gain": _words(
            "earn earning earnings income profit profits invest investing investment "
            "investor bitcoin btc crypto cryptocurrency forex trader trading broker "
            "withdraw withdrawal payout roi dividends passive rich millionaire loan loans "
            "credit refinance mortgage cash money bonus заработок доход прибыль инвестиции "
            "крипта заработка деньги ganar dinero verdienen uang cuan modal"
        ),
        "betting": _words(
            "casino slot slots jackpot betting bet bets poker roulette gacor maxwin togel "
            "judi scatter deposit depo wd spin spins gambling lottery winnings казино "
            "ставки apuestas"
        ),
        "flesh": _words(
            "sex sexy xxx porn adult dating singles horny nude naked cam webcam escort "
            "hookup viagra cialis levitra penis enlargement milf девушки интим секс"
        ),
        "remedy": _words(
            "pills pill pharmacy prescription herbal supplement weight slim diet cure "
            "miracle hgh testosterone keto detox spell caster healer"
        ),
        "reach": _words(
            "whatsapp telegram dm inbox text call contact reach hubungi wa tg vk signal "
            "личку пишите лс пиши telegraph"
        ),
        "following": _words(
            "subscribe subscribed subscribers channel sub sub4sub follow followers like "
            "share visit click check link join site website page video videos download app "
            "register signup sign unsubscribe подпишись подписывайтесь канал ссылка daftar "
            "suscribe klik abonniere"
        ),
        "offer": _words(
            "free offer discount cheap buy order sale price deal deals promo coupon "
            "guaranteed guarantee limited exclusive save shipping wholesale replica "
            "бесплатно скидка gratis murah gratuit kostenlos"
        ),
        "prize": _words(
            "won winner prize congratulations awarded reward gift voucher giveaway urgent "
            "customer entitled txt"
        ),
        "trade": _words(
            "backlinks seo traffic marketing leads rankings followers subscribers "
            "copywriting essay essays agency hosting"
        ),
    }
)
_ASKS = _words(
    "check click visit join subscribe follow call text txt contact register order "
    "buy download go watch add message write sign try apply reply send пишите жми "
    "переходи daftar cek klik gabung"
)
# What is put forward by who asks for eyes: with an asking word before it, a plug.
_PLUGGED = _words(
    "channel channels video videos music song songs cover playlist mixtape album "
    "page site website blog profile group app shop store webshop podcast stream "
    "kanal vidio grup"
)
_OWN = _words("my our his her this me us мой наш моя на saya kami")

SIGN_NAMES: tuple[str, ...] = (
    "links", "one_link", "markup", "emails", "phones", "handles", "money", "percents",
    "capitals", "exclamations", "emoji", "emoji_run", "ornaments", "apart", "fancy", "unseen",
    "posing", "marks", "mixed", "asks_own", "plug", "topics", "asks", "short_with_link", "repeats",
    *_TOPICS,
)  # fmt: skip

# Logits per full sign, by hand; kept as the start that training moves away from.
RULE_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "links": 1.5, "one_link": 0.8, "markup": 2.5, "emails": 1.0, "phones": 1.5,
        "handles": 0.5, "money": 0.7, "percents": 0.2, "capitals": 0.4, "exclamations": 0.4,
        "emoji": 0.2, "emoji_run": 0.0, "ornaments": 2.0, "apart": 3.5, "fancy": 3.0,
        "unseen": 2.0, "posing": 2.5, "marks": 2.5, "mixed": 0.6, "asks_own": 1.2, "plug": 1.2, "topics": 1.5, "asks": 0.4,
        "short_with_link": 1.2, "repeats": 0.8, "gain": 0.6, "betting": 1.2, "flesh": 1.0,
        "remedy": 0.6, "reach": 0.6, "following": 0.8, "offer": 0.6, "prize": 0.9, "trade": 0.6,
    }
)  # fmt: skip
RULE_BIAS = -2.5


def sign_values(form: PlainForm) -> tuple[float, ...]:
    """The signs of a text in the order of `SIGN_NAMES`, each from 0 to 1."""
    counts = form.counts
    words = [word.strip(".,:;!?()\"'*-") for word in form.text.split()]
    n_words = max(1, len(words))
    held = {name: sum(word in topic for word in words) for name, topic in _TOPICS.items()}
    asks_own = sum(
        one in _ASKS and any(other in _OWN or other == "§url" for other in words[i + 1 : i + 4])
        for i, one in enumerate(words)
    )
    plugs = sum(
        one in _ASKS and any(other in _PLUGGED for other in words[i + 1 : i + 7])
        for i, one in enumerate(words)
    )
    n_links = counts["links"]
    n_topics = sum(n > 0 for n in held.values())
    values = {
        "links": _grown(n_links, 4),
        "one_link": float(n_links > 0),
        "markup": _grown(counts["markup"], 2),
        "short_with_link": float(n_links > 0 and n_words <= 12),
        "capitals": _part(counts["capitals"], counts["letters"], least=12),
        "exclamations": _grown(counts["exclamations"], 6),
        "emoji": _grown(counts["emoji"], 8),
        "emoji_run": _grown(max(0, counts["emoji_run"] - 2), 6),
        "asks_own": _grown(asks_own, 2),
        "plug": _grown(plugs, 1),
        "asks": _grown(sum(word in _ASKS for word in words), 6),
        "topics": _grown(max(0, n_topics - 1), 4),
        "repeats": 1 - len(set(words)) / n_words if n_words >= 12 else 0.0,
    }
    for name in ("emails", "phones", "handles", "money", "percents", "ornaments"):
        values[name] = _grown(counts[name], 3)
    for name in ("apart", "fancy", "unseen", "posing", "marks"):
        values[name] = float(counts[name] > 0)
    values["mixed"] = _grown(counts["mixed"], 3)
    values |= {name: _grown(n, 3) for name, n in held.items()}
    return tuple(min(1.0, values[name]) for name in SIGN_NAMES)


def rule_logit(form: PlainForm) -> float:
    """How much a text looks like spam by the signs alone: above 0 rather than not."""
    values = zip(SIGN_NAMES, sign_values(form), strict=True)
    return RULE_BIAS + sum(RULE_WEIGHTS[name] * value for name, value in values)


def _grown(n: int, full: int) -> float:
    """0 for none, 1 from `full` on, faster at first."""
    return min(1.0, math.log1p(n) / math.log1p(full))


def _part(n: int, whole: int, *, least: int) -> float:
    return n / whole if whole >= least else 0.0
