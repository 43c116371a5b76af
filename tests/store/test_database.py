from __future__ import annotations

import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic import op

from onrecord.store.database import open_database

OPENED = "import sys, pathlib; from onrecord.store.database import open_database as o; o(pathlib.Path(sys.argv[1])).dispose()"


@pytest.mark.parametrize("n_made", [1, 3, 5])
def test_a_kill_while_the_tables_are_made_leaves_none_of_them(tmp_path, monkeypatch, n_made):
    make, made = op.create_table, []

    def killed(name, *columns):
        if len(made) == n_made:
            raise KeyboardInterrupt
        made.append(name)
        return make(name, *columns)

    with monkeypatch.context() as patched:
        patched.setattr(op, "create_table", killed)
        with pytest.raises(KeyboardInterrupt):
            open_database(tmp_path)
    assert len(made) == n_made
    engine = open_database(tmp_path)
    assert {"captures", "documents"} <= set(sa.inspect(engine).get_table_names())
    engine.dispose()


def test_two_first_openings_at_once_both_succeed(tmp_path):
    command = [sys.executable, "-c", OPENED, str(tmp_path / "desk")]
    opening = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for one in opening:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said.decode()
