"""Live sources as the settings name them, with the network and the store that they work with.

An interface that the settings name is asked without its robots.txt, which is written for
crawlers of pages (SearXNG's own forbids every search, Wikipedia's forbids api.php), on its own
port and at its own IP address, and is not followed elsewhere. Pages that a search finds are
fetched under all rules of `fetch.py`.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from onrecord.errors import SettingsError
from onrecord.ports import Answer, FactCheckIndex, PassageIndex
from onrecord.record import Capture, Problem, Record
from onrecord.settings import data_folder
from onrecord.sources.asking import MAX_ANSWER_BYTES, Kept, Live, Reply, named_host

if TYPE_CHECKING:
    import sqlalchemy as sa

    from onrecord.factchecks.index import Embedder
    from onrecord.settings import FetchSettings, Settings

__all__ = ["KeptAnswers", "live_fact_checks", "live_names", "live_sources"]


@dataclass(slots=True)
class KeptAnswers:
    """The answers in a data folder, opened when first needed; implements `ports.Answers`."""

    folder: Path
    database: str = ""  # the setting of that name
    _engine: sa.Engine | None = field(default=None, repr=False)

    def keep(self, answer: Answer) -> None:
        """See `store.answers.keep`."""
        from onrecord.store.answers import keep

        keep(self._opened(), answer)
        self._opened().dispose()

    def of(self, source: str, query: str) -> tuple[Answer, ...]:
        """See `store.answers.of`."""
        from onrecord.store.answers import of

        found = of(self._opened(), source=source, query=query)
        self._opened().dispose()
        return found

    def _opened(self) -> sa.Engine:
        if self._engine is None:
            from onrecord.store.database import open_database

            self._engine = open_database(self.folder, self.database)
        return self._engine


def live_names(settings: Settings) -> tuple[str, ...]:
    """The names of the live sources that the settings turn on, as records write them.

    Raises `SettingsError` where an address is none, or where the Fact Check Tools lack their key.
    """
    chosen = settings.sources
    names = [named_host("mediawiki", url) for url in chosen.mediawiki]
    names += [named_host("searxng", url) for url in chosen.searxng]
    if chosen.fact_check_tools:
        if not chosen.fact_check_tools_key:
            raise SettingsError(
                "'sources.fact_check_tools' is set without 'sources.fact_check_tools_key'; set "
                "ONRECORD_SOURCES_FACT_CHECK_TOOLS_KEY, or leave both out"
            )
        names.append(named_host("fact_check_tools", chosen.fact_check_tools))
    return tuple(names)


def live_sources(
    settings: Settings, *, problems: list[Problem], repeated: Record | None = None
) -> tuple[PassageIndex, ...]:
    """The passage indexes of the live sources that the settings name; `()` by default.

    What fails is put into `problems`. With `repeated`, a record, answers come from the store alone:
    those that the record rests on. Nothing is asked before the first claim.
    """
    chosen = settings.sources
    if not chosen.mediawiki and not chosen.searxng:
        return ()
    from onrecord.sources.mediawiki import MediaWiki
    from onrecord.sources.searxng import SearxNG

    reply = _replies(settings, repeated)
    embedder = cache(_embedder)
    live_names(settings)
    wikis = [
        MediaWiki(named_host("mediawiki", url), url, reply(url), problems, embedder)
        for url in chosen.mediawiki
    ]
    searches = [
        SearxNG(named_host("searxng", url), url, reply(url), reply(""), problems, embedder)
        for url in chosen.searxng
    ]
    return (*wikis, *searches)


def live_fact_checks(
    settings: Settings,
    library: FactCheckIndex | None,
    *,
    problems: list[Problem],
    repeated: Record | None = None,
) -> FactCheckIndex | None:
    """The library with what the Fact Check Tools add; the library itself where they are off."""
    url = settings.sources.fact_check_tools
    if not url:
        return library
    from onrecord.sources.fact_check_tools import FactCheckTools

    live_names(settings)
    return FactCheckTools(
        named_host("fact_check_tools", url),
        url,
        key=settings.sources.fact_check_tools_key,
        reply=_replies(settings, repeated)(url),
        problems=problems,
        library=library,
        embedder=cache(_embedder),
    )


def _replies(settings: Settings, repeated: Record | None) -> Callable[[str], Reply]:
    """How an interface is asked; `""` stands for any page."""
    answers = KeptAnswers(data_folder(settings.folder, environment=os.environ), settings.database)
    if repeated is not None:
        cited = [one.passage for one in repeated.evidence or () if one.passage.digest]
        near = max((passage.retrieved for passage in cited), default=repeated.page.retrieved or "")
        kept = Kept(answers, frozenset(passage.digest for passage in cited), near)
        return lambda _: kept

    def asked(url: str) -> Reply:
        rules = _interface_rules(url, settings.fetch) if url else settings.fetch

        def fetch(address: str) -> Capture:
            from onrecord.fetch import get

            return get(address, settings=rules, now=datetime.now(UTC))

        return Live(fetch, answers)

    return asked


def _interface_rules(url: str, fetch: FetchSettings) -> FetchSettings:
    """The rules for one interface that the settings name."""
    parts = urlsplit(url)
    ports = (*fetch.ports, parts.port) if parts.port else fetch.ports
    allowed = fetch.allowed_addresses
    with contextlib.suppress(ValueError):  # a host name, whose addresses must be public or allowed
        allowed = (*allowed, str(ipaddress.ip_address(parts.hostname or "")))
    return replace(
        fetch,
        ports=ports,
        allowed_addresses=allowed,
        obey_robots=False,
        max_redirects=0,
        max_bytes=min(fetch.max_bytes, MAX_ANSWER_BYTES),
    )


def _embedder() -> Embedder | None:
    from onrecord.library import packaged_embedder

    return packaged_embedder()
