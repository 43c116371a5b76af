"""Every operation of the API meets requests made from its own document, good and bad ones.

What is checked: no answer is a 500, each status and each body is as the document says, and what
breaks the document is refused.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.claims.typed import typed_claim
from onrecord.compose import ClaimAnswer
from onrecord.newsroom.review import Review, ReviewContent, Signature, content_digest
from onrecord.settings import NewsroomSettings, Settings
from onrecord.store import accounts, newsroom
from onrecord.store.newsroom import Act
from onrecord.terms import ReviewState, Role
from onrecord.web.app import ROUTES, make_app
from onrecord.web.office import open_office
from tests.web.test_api import a_record

schemathesis = pytest.importorskip(
    "schemathesis", reason="schemathesis is not installed: pip install 'onrecord[test]'"
)
NOW = "2026-03-14T08:20:00+00:00"
ACT = Act("1", "test", NOW)
N_EXAMPLES = 8  # of each of 44 operations: 40 s of processor time
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
    schemathesis.checks.negative_data_rejection,
]


class Desk:
    """Answers without models."""

    def claim(self, text):
        return ClaimAnswer(typed_claim(text))


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    told = NewsroomSettings(name="Example Desk", url="http://127.0.0.1:8000", keep_cited=False)
    folder = str(tmp_path_factory.mktemp("fuzz") / "desk")
    made = open_office(replace(Settings(), folder=folder, newsroom=told))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def known(office):
    """Ids of things that are there, by the name of the parameter, and a token."""
    people = [
        accounts.add(office.engine, sign_in=name, name=name, role=Role.ADMIN, password="x", act=ACT)
        for name in ("ada", "ben")
    ]
    token = accounts.new_token(office.engine, people[0].id, name="fuzz", act=ACT)
    content = ReviewContent("The bridge opened in 1961", title="It did", rating="True")
    mark = Signature(people[0].id, "ada", NOW, content_digest(content))
    ids = []
    for state in (ReviewState.DRAFT, ReviewState.IN_REVIEW, ReviewState.PUBLISHED):
        one = Review(f"r{len(ids)}", content, state, (mark,), published=NOW, version=1)
        newsroom.save(office.engine, one, expected=None, act=ACT)
        ids.append(one.id)
    digest = a_record(office)
    return {"token": token, "review_id": ids, "account_id": [people[1].id], "digest": [digest]}


@pytest.fixture(scope="module")
def schema(office, known):
    app = make_app(office)
    app.state.desk = Desk()
    headers = {"authorization": f"Bearer {known['token']}"}
    return schemathesis.openapi.from_asgi("/openapi.json", app, headers=headers)


def _breaks_headers(case) -> bool:
    """Whether a case was made to be refused for one of its headers."""
    return any(
        where.value in {"header", "cookie"} and part.mode is schemathesis.GenerationMode.NEGATIVE
        for where, part in (case.meta.components if case.meta else {}).items()
    )


@pytest.mark.parametrize("name", [route.name for route in ROUTES if route.is_api])
def test_an_operation_keeps_to_its_document(schema, known, name):
    route = next(route for route in ROUTES if route.name == name)
    operation = schema[route.path][route.method]
    headers = {"authorization": f"Bearer {known['token']}"}

    @settings(
        max_examples=N_EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.sampled_from(schemathesis.GenerationMode).flatmap(
            lambda mode: operation.as_strategy(generation_mode=mode)
        ),
        number=st.integers(0, 5),
    )
    def meet(case, number):
        checks = list(CHECKS)
        for parameter, ids in known.items():
            if parameter in (case.path_parameters or {}) and number < len(ids):
                case.path_parameters[parameter] = ids[number]
                checks = CHECKS[:-1]  # what was made to be refused may be good now
        if _breaks_headers(case):
            checks = CHECKS[:-1]  # our own token takes its place, and spaces around a key go
        case.call_and_validate(headers=headers, checks=checks)

    meet()
