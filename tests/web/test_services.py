"""Clients that nobody here wrote, against the interfaces that they know."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from urllib.parse import quote

import pytest

from onrecord import library
from onrecord.store import accounts
from onrecord.store.newsroom import Act
from onrecord.terms import Role
from onrecord.web.app import ROUTES, make_app
from tests.conftest import ROOT
from tests.web.test_site import put


@pytest.fixture
def key(office, add_account):
    """An API token: what stands where a service takes its key."""
    account = add_account("Ada", Role.READER)
    act = Act(account.id, "new token", office.now())
    return accounts.new_token(office.engine, account.id, name="client", act=act)


@pytest.fixture
def server(office):
    """The application on a free port of loopback; its address."""
    import uvicorn

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(make_app(office), host="127.0.0.1", port=port, log_level="warning")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def with_library(office):
    library.add(office.folder, [str(ROOT / "examples" / "library.json")], settings=office.settings)


@pytest.mark.filterwarnings("ignore")
def test_googles_own_client_searches_the_library(server, key, with_library, office):
    discovery = pytest.importorskip(
        "googleapiclient.discovery", reason="google-api-python-client is absent"
    )
    put(office, claim="The bridge of Lydmouth opened in 1961", title="It did")
    service = discovery.build(
        "factchecktools", "v1alpha1", developerKey=key, static_discovery=True,
        client_options={"api_endpoint": server},
    )  # fmt: skip
    found = service.claims().search(query="great wall seen from the moon", pageSize=1).execute()
    [claim] = found["claims"]
    [review] = claim["claimReview"]
    assert "Great Wall" in claim["text"]
    assert review["textualRating"] == "False"
    assert review["publisher"] == {"name": "Example Desk", "site": "desk.example"}
    assert review["reviewDate"].endswith("Z")
    second = (
        service.claims()
        .search(query="great wall seen from the moon", pageSize=1, pageToken=found["nextPageToken"])
        .execute()
    )
    assert second["claims"] != found["claims"]
    own = service.claims().search(query="bridge of Lydmouth opened").execute()
    assert own["claims"][0]["claimReview"][0]["textualRating"] == "True"
    by_site = (
        service.claims().search(reviewPublisherSiteFilter="desk.example", pageSize=50).execute()
    )
    assert len(by_site["claims"]) == 12
    assert service.claims().search(reviewPublisherSiteFilter="nowhere.example").execute() == {}
    # Pages by offset and by token are the same; the last has no token.
    everything = (
        service.claims().search(reviewPublisherSiteFilter="desk.example", pageSize=100).execute()
    )
    assert "nextPageToken" not in everything
    paged, request = (
        [],
        service.claims().search(reviewPublisherSiteFilter="desk.example", pageSize=5),
    )
    while request is not None:
        answer = request.execute()
        paged += answer["claims"]
        request = service.claims().search_next(request, answer)
    assert paged == everything["claims"]
    by_offset = service.claims().search(
        reviewPublisherSiteFilter="desk.example", pageSize=5, offset=5
    )
    assert by_offset.execute()["claims"] == paged[5:10]
    for one in everything["claims"]:
        assert set(one) <= {"text", "claimant", "claimDate", "claimReview"}
        for review in one["claimReview"]:
            assert set(review) <= {
                "publisher", "url", "title", "reviewDate", "textualRating", "languageCode"
            }  # fmt: skip
    assert service.claims().search(query="great wall", languageCode="fr").execute() == {}
    assert service.claims().search(query="great wall", languageCode="en-GB").execute()["claims"]
    assert service.claims().search(query="great wall", maxAgeDays=1).execute() == {}
    long_ago = service.claims().search(query="great wall", maxAgeDays=100_000).execute()
    assert long_ago["claims"]
    with pytest.raises(Exception, match="query is required"):
        service.claims().search().execute()
    with pytest.raises(Exception, match="does not search by image"):
        service.claims().imageSearch(imageUri="https://a.example/1.png").execute()
    service.close()
    unknown = discovery.build(
        "factchecktools", "v1alpha1", developerKey="nobody", static_discovery=True,
        client_options={"api_endpoint": server},
    )  # fmt: skip
    with pytest.raises(Exception, match="API key not valid") as refused:
        unknown.claims().search(query="bridge").execute()
    assert refused.value.resp.status == 400
    assert refused.value.error_details[0]["reason"] == "API_KEY_INVALID"
    unknown.close()


@pytest.mark.parametrize(
    "asked",
    ["pageSize=-1", "pageSize=x", "offset=1e3", "maxAgeDays=99999999999", "query=%00", "pageToken=x",
     "query=" + "x" * 2_001, "pageSize=٣"],
)  # fmt: skip
def test_a_wrong_parameter_is_answered_as_google_answers(browser, key, asked):
    name = asked.split("=")[0]
    query = "" if name == "query" else "query=bridge&"
    answer = browser.get(f"/v1alpha1/claims:search?{query}{asked}", headers={"x-goog-api-key": key})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert name in error["message"]


@pytest.mark.filterwarnings("ignore")
def test_the_akismet_package_checks_and_teaches(office, key):
    akismet = pytest.importorskip("akismet", reason="the package akismet is absent")
    from starlette.testclient import TestClient

    config = akismet.Config(key=key, url="https://blog.example")
    client = akismet.SyncClient.validated_client(
        config=config, http_client=TestClient(make_app(office))
    )
    about = {"user_ip": "203.0.113.9", "comment_author": "Ann"}
    good = "I read the register myself, and page 41 does give the year as 1961, as you say."
    spam = "Earn $5000 a week from home!!! Click http://casino.example and http://pills.example now"
    assert client.comment_check(comment_content=good, **about) == akismet.CheckResponse.HAM
    for _ in range(30):
        assert client.submit_spam(comment_content=spam, **about)
        assert client.submit_ham(comment_content=good, **about)
    assert client.comment_check(comment_content=spam, **about) != akismet.CheckResponse.HAM
    assert client.comment_check(comment_content=good, **about) == akismet.CheckResponse.HAM
    test_spam = {"user_ip": "203.0.113.9", "comment_author": "viagra-test-123"}
    assert client.comment_check(comment_content=good, **test_spam) == akismet.CheckResponse.SPAM
    # What the interface says beside its one word.
    posted = {"api_key": key, "blog": "https://blog.example", "user_ip": "203.0.113.9"}
    plain = TestClient(make_app(office))
    shown = plain.post("/1.1/comment-check", data=posted | {"comment_content": spam})
    assert (shown.text, len(shown.headers["x-akismet-guid"])) == ("true", 32)
    blatant = {
        "comment_content": spam * 3, "honeypot_field_name": "hp", "hp": "http://casino.example"
    }  # fmt: skip
    shown = plain.post("/1.1/comment-check", data=posted | blatant)
    assert (shown.text, shown.headers["x-akismet-pro-tip"]) == ("true", "discard")
    shown = plain.post("/1.1/comment-check", data=posted | blatant | {"user_role": "administrator"})
    assert (shown.text, "x-akismet-pro-tip" in shown.headers) == ("false", False)
    shown = plain.post("/1.1/comment-check", data={"api_key": key})
    assert (shown.text, shown.headers["x-akismet-debug-help"]) == (
        "invalid", "missing: blog, user_ip"
    )  # fmt: skip
    shown = plain.post("/1.1/verify-key", data={"api_key": "nobody", "blog": "https://b.example"})
    assert (shown.text, "no token" in shown.headers["x-akismet-debug-help"]) == ("invalid", True)
    wrong = akismet.Config(key="nobody", url="https://blog.example")
    with pytest.raises(akismet.APIKeyError):
        akismet.SyncClient.validated_client(config=wrong, http_client=TestClient(make_app(office)))


def test_a_claimbuster_client_gets_scores_by_sentence(browser, key):
    header = {"x-api-key": key}
    text = "The bridge cost 12 million euros in 1961. I love bridges."
    answer = browser.get(f"/api/v2/score/text/{text}", headers=header).json()
    assert [one["text"] for one in answer["results"]] == [
        "The bridge cost 12 million euros in 1961.", "I love bridges."
    ]  # fmt: skip
    first, second = answer["results"]
    assert first["score"] > second["score"]
    assert text[second["start"] : second["end"]] == second["text"]
    same = browser.get(f"/api/v2/score/text/sentences/{text}", headers=header).json()
    assert same["results"] == answer["results"]
    lines = browser.get("/api/v2/score/text/" + quote(f"{text}\nA third."), headers=header).json()
    assert [one["text"] for one in lines["results"]][-1] == "A third."
    assert (answer["version"], answer["claim"]) == ("2", text)
    assert [one["index"] for one in answer["results"]] == [0, 1]
    for place in ("text/", "text/sentences/", "text"):
        posted = browser.client.post(
            f"/api/v2/score/{place}",
            json={"input_text": text},
            headers=header,
            follow_redirects=True,
        )
        assert posted.json()["results"] == answer["results"]


def test_a_claimbuster_client_gets_scores_by_paragraph(browser, key):
    header = {"x-api-key": key}
    path = "/api/v2/score/paragraphs/"
    text = "The bridge cost 12 million euros in 1961.\n\n I love bridges. "
    answer = browser.get(path + quote(text), headers=header).json()
    assert [one["text"] for one in answer["results"]] == [
        "The bridge cost 12 million euros in 1961.", "I love bridges."
    ]  # fmt: skip
    for one in answer["results"]:
        assert text[one["start"] : one["end"]] == one["text"]
    body = {"input_text": text.replace("\n\n", "||"), "delimiter": "||"}
    posted = browser.client.post(path, json=body, headers=header).json()
    assert [one["score"] for one in posted["results"]] == [
        one["score"] for one in answer["results"]
    ]
    for wrong in ("", 3):
        answer = browser.client.post(path, json=body | {"delimiter": wrong}, headers=header)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1alpha1/claims:search?query=bridge", 403),
        ("GET", "/v1alpha1/claims:imageSearch", 403),
        ("GET", "/api/v2/score/paragraphs/bridge", 401),
        ("GET", "/api/v2/score/text/bridge", 401),
        ("POST", "/api/v2/score/text/", 401),
    ],
)
def test_without_a_key_nothing_is_answered(browser, method, path, status):
    assert browser.client.request(method, path).status_code == status


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"input_text": 1}', b"[" * 5_000])
def test_a_broken_body_is_refused(browser, key, body):
    answer = browser.client.post("/api/v2/score/text/", content=body, headers={"x-api-key": key})
    assert answer.status_code == 400


@pytest.mark.parametrize("token", ["x", "MTA6eA==", "LTE6eA==", "%00", "é"])
def test_a_page_token_of_another_search_is_refused(browser, key, token):
    path = f"/v1alpha1/claims:search?query=bridge&key={key}"
    assert (
        browser.get(path, params={"query": "bridge", "key": key, "pageToken": token}).status_code
        == 400
    )


def test_services_have_no_power_to_change_the_desk():
    names = {
        route.name for route in ROUTES if route.path.startswith(("/v1alpha1", "/1.1", "/api/v2"))
    }
    assert not {name for name in names if "sign" in name or "publish" in name}
