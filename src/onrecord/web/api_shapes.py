"""What all bodies and answers of the API have in common: no field is taken that is not named.

Bodies with another field are refused (422), so nothing that only the desk may set (a state, a
signature, a role, a time of publication) comes in by a body. The shapes of one resource stand in
its own module, those of reviews in `api_review_shapes.py`.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, StringConstraints

__all__ = [
    "Digest",
    "DigestText",
    "Filled",
    "Id",
    "Line",
    "Name",
    "OptionalDigest",
    "OptionalId",
    "PageSize",
    "PageToken",
    "Shape",
    "Text",
    "Word",
    "shape_of",
]

# PostgreSQL keeps no NUL in a text; the patterns keep it out of every one.
NO_NUL = r"^[^\x00]*$"
_FILLED = r"^[^\x00]*[^\s\x00][^\x00]*$"
MAX_ROWS = 200  # sources or contacts of a review, as in the desk's form

Word = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=2_000, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=100_000, pattern=NO_NUL)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=_FILLED)]
Filled = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=_FILLED)]
DigestText = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
OptionalDigest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
OptionalId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{0,64}$")]

# Of paths and queries.
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Asked = Annotated[str, Query(max_length=200, pattern=NO_NUL)]
PageSize = Annotated[int, Query(alias="pageSize", ge=1, le=200)]
PageToken = Annotated[str, Query(alias="pageToken", pattern=r"^[0-9A-Za-z_.:+-]{0,80}$")]


class Shape(BaseModel):
    """A body or an answer: frozen, and with no other fields than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Shape = TypeVar("_Shape", bound=Shape)


def shape_of(kind: type[_Shape], value: object) -> _Shape:
    """A value of ours in the shape that the API gives: only the fields that the shape names."""
    return kind.model_validate(value, from_attributes=True)
