from __future__ import annotations

import onrecord
from onrecord.keeping import keep
from onrecord.record import Capture
from onrecord.show.changes import changes

URL = "https://bell.example/news/1"
PAGE = """<html><head><title>Bridge opens</title></head><body><article><h1>Bridge opens</h1>
<p>The bridge over the Harrow opened on Friday after two years of work on its girders.</p>
<p>{second}</p>
<p>The mayor, Ann Lee, said the town had waited long enough for its bridge to open again.</p>
</article></body></html>"""
BEFORE = "It cost 12 million euros, the council said in a statement on Friday morning."
AFTER = "It cost 21 million euros, the council said in a statement on Friday morning."


def check(folder, second, time):
    body = PAGE.format(second=second).encode()
    record = onrecord.check_html(body, url=URL)
    return keep(folder, Capture(URL, time, "text/html", body), record=record, now=time)


def test_the_first_check_has_nothing_to_compare(tmp_path):
    assert check(tmp_path, BEFORE, "2026-11-26T10:00:00Z") is None


def test_a_second_check_of_the_same_page_says_that_nothing_changed(tmp_path):
    check(tmp_path, BEFORE, "2026-11-26T10:00:00Z")
    change = check(tmp_path, BEFORE, "2026-11-27T10:00:00Z")
    assert (change.removed, change.added) == ((), ())
    assert "unchanged" in changes(change, width=80)


def test_a_silent_edit_is_shown_with_both_wordings(tmp_path):
    check(tmp_path, BEFORE, "2026-11-26T10:00:00Z")
    change = check(tmp_path, AFTER, "2026-11-27T10:00:00Z")
    assert change.before == "2026-11-26T10:00:00Z"
    assert (change.removed, change.added) == ((BEFORE,), (AFTER,))
    shown = changes(change, width=80)
    assert "12 million" in shown
    assert "no correction note" in shown
