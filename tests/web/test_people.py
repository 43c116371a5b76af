from __future__ import annotations

import re

import pytest

from onrecord.store import accounts
from onrecord.terms import Role
from onrecord.web.dashboard import bars
from tests.web.conftest import PASSWORD


def test_an_admin_adds_changes_and_closes_accounts(sign_in, office):
    admin = sign_in(Role.ADMIN)
    fields = {"sign_in": "ben", "name": "Ben Ostler", "role": "editor", "password": PASSWORD}
    assert admin.send("/desk/accounts", **fields).status_code == 303
    ben = accounts.by_sign_in(office.engine, "ben")[0]
    assert ben.role is Role.EDITOR
    path = f"/desk/accounts/{ben.id}"
    changed = admin.send(path, at="/desk/accounts", role="contributor", is_active="no")
    assert changed.status_code == 303
    assert accounts.by_sign_in(office.engine, "ben") is None


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"password": "short"}, "at least 12"),
        ({"role": "king"}, "a role is one of"),
        ({"sign_in": "ada"}, "is taken"),
    ],
)
def test_an_account_that_cannot_be_made_says_why_and_keeps_what_was_typed(sign_in, fields, fault):
    admin = sign_in(Role.ADMIN, "Ada")
    whole = {
        "sign_in": "ben",
        "name": "Ben Ostler",
        "role": "editor",
        "password": PASSWORD,
    } | fields
    answer = admin.send("/desk/accounts", **whole)
    assert answer.status_code == 422
    assert fault in answer.text
    assert 'value="Ben Ostler"' in answer.text


def test_a_link_sets_a_new_password(sign_in, browser, office):
    admin = sign_in(Role.ADMIN)
    [(account, _, _)] = accounts.every(office.engine)
    page = admin.send(f"/desk/accounts/{account.id}/link", at="/desk/accounts").text
    path = re.search(r"/desk/password/[\w-]+", page).group(0)
    assert browser.send(path, password="another good secret").status_code == 303
    assert (
        browser.send("/desk/sign-in", name="ada", password="another good secret").status_code == 303
    )


def test_a_token_does_what_its_account_may_until_it_is_ended(sign_in, browser, office):
    reader = sign_in(Role.READER)
    page = reader.send("/desk/tokens", at="/desk/accounts", name="script").text
    token = re.search(r"onrecord_[\w-]+", page.split("shown this once")[1]).group(0)
    header = {"authorization": f"Bearer {token}"}
    assert browser.get("/desk", headers=header).status_code == 200
    assert browser.get("/desk/add", headers=header).status_code == 403
    [(token_id, _, _)] = accounts.tokens_of(office.engine, accounts.every(office.engine)[0][0].id)
    assert reader.send(f"/desk/tokens/{token_id}/end", at="/desk/accounts").status_code == 303
    assert browser.get("/desk", headers=header).status_code == 401


def test_the_audit_log_is_for_admins_and_says_that_it_holds(sign_in):
    assert "The chain holds" in sign_in(Role.ADMIN).get("/desk/audit").text


def test_others_see_their_tokens_and_no_accounts(sign_in):
    page = sign_in(Role.EDITOR, "Cora").get("/desk/accounts").text
    assert "Your tokens" in page
    assert "Signs in as" not in page


def test_the_dashboard_counts_and_search_says_what_is_missing(sign_in):
    reader = sign_in(Role.READER)
    page = reader.get("/desk/dashboard").text
    assert "Claims in the queue, by state" in page
    assert 'role="img"' in page
    found = reader.get("/desk/search?words=bridge").text
    assert "has no library yet" in found
    assert "has no collection yet" in found


def test_bars_past_the_limit_are_one():
    made = bars([(str(n), 1) for n in range(20)], limit=5)
    assert [bar.name for bar in made] == ["0", "1", "2", "3", "16 others"]
    assert made[-1].n == 16
