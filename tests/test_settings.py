from __future__ import annotations

import pytest

from onrecord.errors import SettingsError
from onrecord.settings import Settings, settings_from


def written(tmp_path, text):
    file = tmp_path / "onrecord.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_stand_without_file_and_environment():
    assert settings_from() == Settings()


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    file = written(
        tmp_path, 'strict = true\n[stages]\nattribute = "rules"\n[fetch]\nports = [80]\n'
    )
    settings = settings_from(file)
    assert settings.strict
    assert dict(settings.stages)["attribute"] == "rules"
    assert settings.fetch.ports == (80,)
    assert settings.fetch.max_redirects == Settings().fetch.max_redirects


def test_the_environment_wins_over_the_file(tmp_path):
    file = written(tmp_path, "[fetch]\ntimeout_seconds = 5\n")
    settings = settings_from(file, environment={"ONRECORD_FETCH_TIMEOUT_SECONDS": "7.5"})
    assert settings.fetch.timeout_seconds == 7.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("strickt = true", "did you mean 'strict'"),
        ("[stages]\natribute = 'rules'", "did you mean 'attribute'"),
        ("[fetch]\nmax_byte = 3", "did you mean 'max_bytes'"),
        ("strict = 'maybe'", "expected true or false"),
        ("[fetch]\nmax_bytes = -1", "0 or more"),
        ("fetch = 3", "expected a table"),
        ("= 3", "cannot be read"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_the_way_out(tmp_path, text, message):
    with pytest.raises(SettingsError, match=message):
        settings_from(written(tmp_path, text))


def test_an_unknown_variable_is_an_error():
    with pytest.raises(SettingsError, match="ONRECORD_STRICKT"):
        settings_from(environment={"ONRECORD_STRICKT": "1"})


def test_lists_in_the_environment_are_parted_by_commas():
    settings = settings_from(environment={"ONRECORD_FETCH_PORTS": "80, 8080"})
    assert settings.fetch.ports == (80, 8080)
