"""What can be set: defaults, then `onrecord.toml`, then `ONRECORD_*`, then flags.

Read once at the edge; inner functions take plain arguments. An unknown key is an error that names
the nearest known one.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from onrecord.errors import SettingsError

__all__ = [
    "COLLECTION_FOLDER",
    "DEFAULT_STAGES",
    "HISTORY_FOLDER",
    "LIBRARY_FOLDER",
    "ClaimSettings",
    "EvidenceSettings",
    "FetchSettings",
    "LlmSettings",
    "MailSettings",
    "NewsroomSettings",
    "ReplySettings",
    "ServeSettings",
    "Settings",
    "SourceSettings",
    "data_folder",
    "settings_from",
    "settings_of",
    "topic_weights",
]

DEFAULT_STAGES: tuple[tuple[str, str], ...] = (
    ("segment", "sentences"),
    ("attribute", "tagger"),
    ("identify", "speakers"),
    ("voice", "voices"),
    ("headline", "findings"),
    ("sourcing", "shares"),
    ("counter", "denials"),
    ("claims", "model"),
    ("match", "reranked"),
    ("collection", "state"),
    ("evidence", "model"),
    ("quantities", "numbers"),
    ("verdict", "stances"),
    ("history", "state"),
    ("reuse", "copies"),
    ("badges", "audit"),
)

DEFAULT_FEEDS = (
    "data-commons=https://storage.googleapis.com/datacommons-feeds/claimreview/latest/data.json",
)

DEFAULT_SCALE = (
    "True=5",
    "Mostly true=4",
    "Misleading",
    "Missing context",
    "False=1",
    "Unproven",
)

_ENVIRONMENT_PREFIX = "ONRECORD_"
_Group = TypeVar(
    "_Group",
    "FetchSettings",
    "ClaimSettings",
    "EvidenceSettings",
    "SourceSettings",
    "LlmSettings",
    "NewsroomSettings",
    "ReplySettings",
    "MailSettings",
    "ServeSettings",
)


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How addresses are fetched.

    `allowed_addresses` are IP addresses or networks outside the public internet that may be
    fetched all the same, such as a test server's; none by default.
    """

    timeout_seconds: float = 20.0  # for the whole of one address, redirects included
    max_bytes: int = 10_000_000  # of one page, counted after decompression
    max_redirects: int = 5  # each hop is checked like the first
    ports: tuple[int, ...] = (80, 443)  # the ports that may be asked
    allow_downgrade: bool = False  # whether https may redirect to http
    obey_robots: bool = True  # whether robots.txt decides
    allowed_addresses: tuple[str, ...] = ()  # IP addresses or networks allowed though not public
    user_agent: str = "onrecord/0.1 (+self-hosted fact-checking desk)"  # who asks


@dataclass(frozen=True, slots=True)
class ClaimSettings:
    """How claims are ranked: weights on top of their check-worthiness, each 0 or more.

    `topics` are words of the desk's own with a weight each, such as `water=2`.
    """

    numbers: float = 0.1  # a claim with a number
    named: float = 0.05  # a claim about or by somebody named
    central: float = 0.2  # how near to title and first paragraph
    said: float = 0.5  # what is taken off the claim that somebody said something
    topics: tuple[str, ...] = ()  # words with weights, `water=2`; they add to the rank


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """How evidence is looked for."""

    max_claims: int = 10  # of a page, best ranked first
    passages: int = 8  # read for each claim


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Live sources of evidence and of earlier checks; none is asked unless it is named here."""

    mediawiki: tuple[str, ...] = ()  # addresses of api.php
    searxng: tuple[str, ...] = ()  # addresses of a search that answers SearXNG's JSON
    fact_check_tools: str = ""  # address of a Google Fact Check Tools API
    fact_check_tools_key: str = ""  # its key; never written to a record


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """A language model at an OpenAI-compatible address; none by default, and it sets no verdict."""

    url: str = ""  # up to and with /v1; empty: none
    model: str = ""  # its name there
    key: str = ""  # never written to a record
    timeout_seconds: float = 60.0  # of one answer


@dataclass(frozen=True, slots=True)
class NewsroomSettings:
    """Who the desk is, what it prints, and how many people sign.

    `scale` holds the ratings in order, each with a number from 1 to 5 where one means something,
    such as `False=1`. The texts of the site's own pages are Markdown files.
    """

    name: str = "Our desk"  # printed as the publisher
    url: str = "http://127.0.0.1:8000"  # where readers find the site, without a slash at the end
    signatures: int = 2  # needed to publish once the desk has as many accounts that may sign
    scale: tuple[str, ...] = DEFAULT_SCALE  # ratings in order, numbers where they mean something
    is_signatory: bool = False  # whether the desk is a verified signatory of the IFCN's code
    complaints_url: str = ""  # where readers complain, the IFCN for a signatory
    method_file: str = ""  # Markdown: how claims are chosen, checked and rated
    organisation_file: str = ""  # Markdown: who runs and funds the desk, how to reach it
    corrections_file: str = ""  # Markdown: the policy of corrections
    keep_cited: bool = True  # whether publishing fetches and keeps copies of what a check cites


@dataclass(frozen=True, slots=True)
class ReplySettings:
    """How readers' replies are taken in and kept."""

    is_open: bool = True  # whether readers may reply
    hold_days: int = 30  # how long quarantined and rejected replies can be brought back
    address_days: int = 30  # how long the cut address of a sender is kept
    email_days: int = 365  # how long an e-mail address is kept for questions
    per_hour: int = 6  # replies from one /24 or /48 before they are held
    remote_filter: str = ""  # address of a filter with Akismet's interface; empty: none is asked
    remote_filter_key: str = ""  # its key


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How the desk sends one-time links; without a host an admin hands them over."""

    host: str = ""  # of the SMTP server
    port: int = 587  # of the SMTP server
    user: str = ""  # to sign in there
    password: str = ""  # to sign in there
    sender: str = ""  # the address that the desk writes from


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How `onrecord serve` listens."""

    host: str = "127.0.0.1"  # the address that is listened on
    port: int = 8000  # the port
    trusted_proxies: tuple[str, ...] = ()  # addresses whose X-Forwarded-For is believed
    secure_cookies: bool = True  # whether cookies go over TLS alone; loopback is exempt
    session_hours: int = 12  # how long a sign-in lasts


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; `stages` names the maker of each stage, `""` leaves it out."""

    stages: tuple[tuple[str, str], ...] = DEFAULT_STAGES
    fetch: FetchSettings = FetchSettings()
    claims: ClaimSettings = ClaimSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    sources: SourceSettings = SourceSettings()
    llm: LlmSettings = LlmSettings()
    newsroom: NewsroomSettings = NewsroomSettings()
    replies: ReplySettings = ReplySettings()
    mail: MailSettings = MailSettings()
    serve: ServeSettings = ServeSettings()
    folder: str = ""  # the data folder; empty: onrecord in the user's data folder
    database: str = ""  # postgresql://...; empty: SQLite in the data folder
    feeds: tuple[str, ...] = DEFAULT_FEEDS  # fact-check feeds by name, `name=address`
    strict: bool = False  # whether a stage that cannot do its work fails the page


def settings_from(
    file: Path | None = None, *, environment: Mapping[str, str] | None = None
) -> Settings:
    """Settings from a TOML file and from `ONRECORD_*` variables, which win.

    A variable is named after the key: `ONRECORD_STRICT`, `ONRECORD_FETCH_TIMEOUT_SECONDS`,
    `ONRECORD_STAGES_ATTRIBUTE`. Raises `SettingsError` on an unknown key, a value of the wrong
    type, or a file that is not TOML.
    """
    settings = Settings()
    if file is not None:
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"settings file {str(file)!r} cannot be read: {error}") from error
        settings = _with_table(settings, table, where=str(file))
    for name, text in sorted((environment or {}).items()):
        if name.startswith(_ENVIRONMENT_PREFIX) and name not in _OTHER_VARIABLES:
            table = _table_of(name.removeprefix(_ENVIRONMENT_PREFIX).lower(), text)
            settings = _with_table(settings, table, where=name)
    return settings


def settings_of(file: Path | None) -> Settings:
    """The settings in force for a command: the file, `ONRECORD_SETTINGS`, or `onrecord.toml`.

    Variables of the environment win. Raises `SettingsError` as `settings_from` does.
    """
    named = file or (Path(name) if (name := os.environ.get("ONRECORD_SETTINGS")) else None)
    default = Path("onrecord.toml")
    return settings_from(named or (default if default.is_file() else None), environment=os.environ)


# Where in the data folder the indexes of library, collection and history lie.
LIBRARY_FOLDER = "library"
COLLECTION_FOLDER = "collection"
HISTORY_FOLDER = "history"


def data_folder(setting: str, *, environment: Mapping[str, str]) -> Path:
    """The data folder: the setting, or `onrecord` in the user's data folder."""
    if setting:
        return Path(setting).expanduser()
    home = environment.get("XDG_DATA_HOME") or str(Path("~/.local/share").expanduser())
    return Path(home) / "onrecord"


def topic_weights(topics: tuple[str, ...]) -> dict[str, float]:
    """Topic words with their weights from `word=weight` entries; a bare word weighs 0.5.

    Raises `SettingsError` when a weight is no number.
    """
    weights = {}
    for entry in topics:
        word, _, weight = entry.partition("=")
        try:
            weights[word.strip().lower()] = float(weight) if weight else 0.5
        except ValueError:
            raise SettingsError(
                f"'claims.topics' holds {entry!r}; expected entries such as 'water=2'"
            ) from None
    return weights


# The tables of a settings file beside [stages].
_GROUPS = ("fetch", "claims", "evidence", "sources", "llm", "newsroom", "replies", "mail", "serve")

# Read by tests and the bench, not settings of the program.
_OTHER_VARIABLES = frozenset({"ONRECORD_SHARED", "ONRECORD_BENCH_DATA", "ONRECORD_SETTINGS"})


def _table_of(key: str, text: str) -> dict[str, Any]:
    for group in ("stages", *_GROUPS):
        if key.startswith(group + "_"):
            return {group: {key.removeprefix(group + "_"): text}}
    return {key: text}


def _with_table(settings: Settings, table: Mapping[str, Any], *, where: str) -> Settings:
    _known(table, [f.name for f in dataclasses.fields(Settings)], where=where)
    changes: dict[str, Any] = {}
    if "strict" in table:
        changes["strict"] = _converted(table["strict"], like=False, key="strict", where=where)
    if "stages" in table:
        stages = dict(settings.stages)
        chosen = _group(table, "stages", where=where)
        _known(chosen, list(stages), where=where)
        for key, value in chosen.items():
            stages[key] = _converted(value, like="", key=f"stages.{key}", where=where)
        changes["stages"] = tuple(stages.items())
    for name in ("folder", "database"):
        if name in table:
            changes[name] = _converted(table[name], like="", key=name, where=where)
    if "feeds" in table:
        changes["feeds"] = _converted(table["feeds"], like=("",), key="feeds", where=where)
    for name in _GROUPS:
        if name in table:
            changes[name] = _with_group(getattr(settings, name), table, name, where=where)
    return dataclasses.replace(settings, **changes)


def _with_group(group: _Group, table: Mapping[str, Any], name: str, *, where: str) -> _Group:
    chosen = _group(table, name, where=where)
    _known(chosen, [f.name for f in dataclasses.fields(group)], where=where)
    fields: dict[str, Any] = {
        key: _converted(value, like=getattr(group, key), key=f"{name}.{key}", where=where)
        for key, value in chosen.items()
    }
    return dataclasses.replace(group, **fields)


def _group(table: Mapping[str, Any], key: str, *, where: str) -> Mapping[str, Any]:
    group = table[key]
    if not isinstance(group, Mapping):
        raise SettingsError(f"{key!r} in {where} is {group!r}; expected a table [{key}]")
    return group


def _known(table: Mapping[str, Any], names: list[str], *, where: str) -> None:
    for key in table:
        if key not in names:
            near = difflib.get_close_matches(key, names, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(names))}"
            raise SettingsError(f"unknown key {key!r} in {where}; {hint}")


def _converted(value: Any, *, like: Any, key: str, where: str) -> Any:  # noqa: ANN401
    """`value` as the type of `like`; text is parsed, as it comes from the environment."""
    wrong = SettingsError(f"{key!r} in {where} is {value!r}; expected {_expected(like)}")
    if isinstance(like, bool):
        if isinstance(value, bool):
            return value
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
        raise wrong
    if isinstance(like, tuple):
        parts = [p.strip() for p in value.split(",")] if isinstance(value, str) else value
        if not isinstance(parts, list):
            raise wrong
        try:
            return tuple(type(like[0])(p) if like else str(p) for p in parts if p != "")
        except (TypeError, ValueError):
            raise wrong from None
    if isinstance(like, str):
        if isinstance(value, str):
            return value
        raise wrong
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong
    try:
        number = type(like)(value)
    except ValueError:
        raise wrong from None
    if number < 0:
        raise wrong
    return number


def _expected(like: Any) -> str:  # noqa: ANN401
    if isinstance(like, bool):
        return "true or false"
    if isinstance(like, tuple):
        return "a list"
    if isinstance(like, str):
        return "text"
    return "a number of 0 or more"
