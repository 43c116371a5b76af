from dataclasses import replace

from onrecord.settings import LlmSettings, MailSettings, Settings
from onrecord.terms import Role
from onrecord.web.settings_page import HIDDEN, settings_rows


def test_no_secret_is_ever_shown():
    settings = replace(
        Settings(),
        database="postgresql://desk:hush@db.example/desk",
        llm=LlmSettings(key="hush"),
        mail=MailSettings(password="hush"),
    )
    rows = {key: value for key, value, _ in settings_rows(settings)}
    assert "hush" not in repr(rows)
    assert rows["llm.key"] == rows["mail.password"] == HIDDEN
    assert rows["database"].startswith("postgresql")


def test_admins_read_the_settings_in_force(sign_in):
    page = sign_in(Role.ADMIN).get("/desk/settings").text
    assert "newsroom.name" in page
    assert "Example Desk" in page
    assert sign_in(Role.EDITOR, "Ben").get("/desk/settings").status_code == 403
