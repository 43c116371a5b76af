"""The wiki, the search and the check API that the tests play, with invented places."""

from __future__ import annotations

ARTICLE = (
    "Harrow Bridge is a road bridge in Anytown. It was opened in 1961 and has two lanes. "
    "The bridge is 312 metres long. It was closed for repairs from 2019 to 2021."
)
LICENCE = "Creative Commons Attribution-Share Alike 4.0"


def wiki(said):
    """Action API: one article, found for `Harrow`."""
    if said.query.get("list") == "search":
        hit = {"ns": 0, "title": "Harrow Bridge", "pageid": 7}
        found = [hit] if "Harrow" in said.query["srsearch"] else []
        rights = {"url": "https://licence.example/by-sa/4.0/", "text": LICENCE}
        return 200, "application/json", {"query": {"search": found, "rightsinfo": rights}}
    page = {
        "pageid": 7,
        "title": "Harrow Bridge",
        "extract": ARTICLE,
        "fullurl": "https://wiki.example/wiki/Harrow_Bridge",
        "revisions": [{"timestamp": "2026-03-04T05:06:07Z"}],
    }
    return 200, "application/json", {"query": {"pages": [page]}}


PAGE = """<html><head><title>Bridge notes</title>
<meta property="article:published_time" content="2025-05-06T10:00:00Z"></head><body><article>
<h1>Bridge notes</h1><p>The Harrow bridge in Anytown was opened to traffic in the spring of 1961, as the
county archive shows in its list of works of that decade.</p><p>It carries some nine thousand
vehicles on a working day, the archive says, and more of them on market days.</p>
</article></body></html>"""


def search(results):
    """A SearXNG that finds these results for anything; pages lie under /page."""

    def answer(said):
        if said.path == "/search":
            return 200, "application/json", {"query": said.query["q"], "results": results}
        return 200, "text/html; charset=utf-8", PAGE

    return answer


CHECKS = {
    "claims": [
        {
            "text": "The Harrow bridge was opened in 1961.",
            "claimant": "A councillor",
            "claimDate": "2026-05-02T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Example Desk", "site": "desk.example"},
                    "url": "https://desk.example/checks/1",
                    "title": "Yes, the bridge opened in 1961",
                    "reviewDate": "2026-05-05T00:00:00Z",
                    "textualRating": "True",
                    "languageCode": "en",
                },
                {"publisher": {"name": "No Address"}, "textualRating": "True"},
            ],
        },
        {"text": "", "claimReview": [{"url": "https://desk.example/checks/2"}]},
        "no object",
    ]
}
