"""Every exception that onrecord raises.

    OnrecordError
    ├── InputError           what was given cannot be a page
    │   ├── MissingFileError     no such file, or it cannot be opened
    │   ├── EmptyPageError       no bytes, or no text in them
    │   ├── MediaTypeError       binary data, or a form that no reader knows
    │   └── TooLargeError        a cap of `read.guard` or `fetch` was passed
    ├── FetchError           an address could not be fetched
    │   ├── RefusedError         an address rule, robots.txt or a redirect rule says no
    │   └── NetworkError         no connection, time-out, broken answer
    ├── WarcError            a WARC record is damaged
    ├── AnchorError          a selector does not find its words
    ├── CodecError           JSON that is not a record, or of an unknown version
    ├── SettingsError        an unknown key or a value out of range
    ├── PipelineError        stages that do not fit together
    ├── LanguageError        a stage was given a language that it cannot handle
    ├── StoreError           the data folder cannot be used, or what was stored is altered
    │   ├── StaleError           somebody else changed it in between
    │   └── DatabaseError        the database cannot work now: disk full, server gone
    ├── NewsroomError        a move, an edit or a reply that the newsroom's rules do not allow
    │   ├── MoveError            not from this state, not with this role, or something is missing
    │   └── GateError            the publish gate has a point that fails and is not waived
    └── ModelError           weights are missing, altered or of the wrong kind

Messages say what was found, what was expected and what to do.
"""

from __future__ import annotations

__all__ = [
    "AnchorError",
    "CodecError",
    "DatabaseError",
    "EmptyPageError",
    "FetchError",
    "GateError",
    "InputError",
    "LanguageError",
    "MediaTypeError",
    "MissingFileError",
    "ModelError",
    "MoveError",
    "NetworkError",
    "NewsroomError",
    "OnrecordError",
    "PipelineError",
    "RefusedError",
    "SettingsError",
    "StaleError",
    "StoreError",
    "TooLargeError",
    "WarcError",
]


class OnrecordError(Exception):
    """Base of every error that onrecord raises on purpose."""


class InputError(OnrecordError):
    """What was given cannot be read as a page."""


class MissingFileError(InputError):
    """The file does not exist or cannot be opened."""


class EmptyPageError(InputError):
    """The page has no bytes, or no text in them."""


class MediaTypeError(InputError):
    """The bytes are binary, or of a form that no reader knows."""


class TooLargeError(InputError):
    """A size cap was passed before anything could be read."""


class FetchError(OnrecordError):
    """An address could not be fetched."""


class RefusedError(FetchError):
    """A rule about addresses, redirects or robots.txt forbids the fetch."""


class NetworkError(FetchError):
    """The connection failed, timed out, or the answer was broken."""


class WarcError(OnrecordError):
    """A WARC record is damaged."""


class AnchorError(OnrecordError):
    """A selector does not find its words in the text."""


class CodecError(OnrecordError):
    """The JSON is not a record, or of a version that is not known."""


class SettingsError(OnrecordError):
    """A setting has an unknown name or a value out of range."""


class PipelineError(OnrecordError):
    """The stages of a pipeline do not fit together."""


class LanguageError(OnrecordError):
    """The text is in a language that the stage cannot handle."""


class StoreError(OnrecordError):
    """The data folder cannot be used, or what was stored has been altered."""


class StaleError(StoreError):
    """What was to be changed was changed by somebody else in between."""


class DatabaseError(StoreError):
    """The database cannot work now: its disk is full or fails, or its server is gone."""


class ModelError(OnrecordError):
    """Weights are missing, altered, or not what the manifest says."""


class NewsroomError(OnrecordError):
    """The newsroom's rules do not allow what was asked."""


class MoveError(NewsroomError):
    """A review cannot make this move from its state, by this account, or without what is missing."""


class GateError(NewsroomError):
    """A point of the publish gate fails and is not waived."""
