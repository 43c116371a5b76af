"""A desk in a folder of its own, with a browser that keeps cookies."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from onrecord.settings import NewsroomSettings, Settings
from onrecord.store import accounts
from onrecord.store.newsroom import Act
from onrecord.terms import Role
from onrecord.web.app import make_app
from onrecord.web.office import open_office
from onrecord.web.sign_in import hashed

PASSWORD = "a long enough secret"
ADDRESS = "http://127.0.0.1:8000"
# One hash for all accounts: argon2id is slow on purpose.
_HASH: list[str] = []


@pytest.fixture
def office(tmp_path, new_desk):
    shutil.copytree(new_desk, tmp_path / "desk")
    settings = replace(
        Settings(),
        folder=str(tmp_path / "desk"),
        newsroom=NewsroomSettings(name="Example Desk", url=ADDRESS, keep_cited=False),
    )
    made = open_office(settings)
    yield made
    made.engine.dispose()


@pytest.fixture
def add_account(office):
    """Adds an account with a role and gives it."""

    def add(name: str, role: Role):
        if not _HASH:
            _HASH.append(hashed(PASSWORD))
        act = Act("", "test", office.now())
        return accounts.add(
            office.engine, sign_in=name.lower(), name=name, role=role, password=_HASH[0], act=act
        )

    return add


class Browser:
    """A client that fills in the form token as a browser would."""

    def __init__(self, app):
        self.client = TestClient(app, base_url=ADDRESS, follow_redirects=False)

    def get(self, path, **options):
        return self.client.get(path, **options)

    def token(self, path="/desk/sign-in"):
        """The form token of a page that has a form."""
        found = re.search(r'name="form_token" value="(\w+)"', self.client.get(path).text)
        assert found, f"no form on {path}"
        return found.group(1)

    def send(self, path, *, at="", **fields):
        """Posts a form as it is shown on the page `at`."""
        return self.client.post(path, data={"form_token": self.token(at or path), **fields})


@pytest.fixture
def app(office):
    """The desk's application; what browsers see of each other they see through the office."""
    return make_app(office)


@pytest.fixture
def browser(app):
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def sign_in(app, add_account):
    """A browser in which somebody with a role is signed in."""

    def enter(role: Role, name: str = "Ada"):
        add_account(name, role)
        one = Browser(app)
        assert one.send("/desk/sign-in", name=name.lower(), password=PASSWORD).status_code == 303
        return one

    return enter
