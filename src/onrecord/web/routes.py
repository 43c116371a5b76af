"""What a route is: its path, who may ask it, and what answers.

Every route names the lowest role that may ask it; there is no default. `ANYBODY` is for the public
site alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onrecord.terms import Role

__all__ = ["ANYBODY", "MAX_NUMBER", "Route", "changes"]

# No row has a higher number: what either database keeps in an integer.
MAX_NUMBER = 2**63 - 1

# In place of a role: no account is needed.
ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class Route:
    """One route: `who` is a `Role` or `ANYBODY`; `answer` a FastAPI endpoint.

    `is_api` routes speak JSON, take tokens, and answer errors as problem documents. `is_kept_apart`
    marks the few form posts of the public that carry a proof of their own (a reply's one-use
    token) in place of the form token. `status` is that of an API's answer when all went well.
    """

    method: str
    path: str
    name: str
    who: Role | str
    answer: Callable[..., Any]
    is_api: bool = False
    is_kept_apart: bool = False
    status: int = 200


def changes(route: Route) -> bool:
    """Whether the route may change something: any method but GET and HEAD."""
    return route.method not in {"GET", "HEAD"}
