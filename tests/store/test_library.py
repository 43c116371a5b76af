from __future__ import annotations

import dataclasses

import pytest

from onrecord.errors import StoreError
from onrecord.record import FactCheck
from onrecord.store import library
from onrecord.store.database import DATABASE_NAME, open_database


def row(n: int, **changes: object) -> FactCheck:
    made = FactCheck(
        id=f"{n:016x}",
        url=f"https://desk.example/{n}",
        claim=f"Claim {n}",
        rating="False",
        review_date="2026-11-20",
        publisher="Example Desk",
    )
    return dataclasses.replace(made, **changes)


def put(engine, rows):
    return [done for done, _ in library.add(engine, rows, source="test", now="2026-11-26")]


def test_rows_come_back_as_they_went_in(engine):
    rows = [row(1, rating_value=1.0, rating_conflict=True), row(2, claimant="Ann Lee")]
    put(engine, rows)
    assert list(library.every(engine)) == rows


def test_a_known_row_is_updated_in_place_and_an_equal_one_left(engine):
    put(engine, [row(1), row(2)])
    (done,) = put(engine, [row(1, rating="True"), row(2), row(3)])
    assert (done.new, done.changed, done.same) == (1, 1, 1)
    assert [r.rating for r in library.every(engine)] == ["True", "False", "False"]


def test_batches_are_committed_one_by_one(engine):
    def broken():
        for n in range(library.BATCH + 5):
            yield row(n)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put(engine, broken())
    assert sum(1 for _ in library.every(engine)) == library.BATCH


def test_counts_name_publishers_years_and_ratings(engine):
    put(engine, [row(1), row(2, publisher="Other", review_date="", rating="True")])
    stats = library.stats(engine)
    assert stats.n == 2
    assert dict(stats.publishers) == {"Example Desk": 1, "Other": 1}
    assert dict(stats.years) == {"2026": 1, "not stated": 1}


def test_what_a_feed_said_is_remembered(engine):
    state = library.FeedState('"abc"', "Thu, 26 Nov 2026 10:00:00 GMT")
    assert library.feed_state(engine, "https://a.example/f") == library.FeedState()
    library.keep_feed_state(engine, "https://a.example/f", state=state, now="2026-11-26")
    assert library.feed_state(engine, "https://a.example/f") == state


def test_a_file_that_is_no_database_is_refused_with_a_way_out(tmp_path):
    (tmp_path / DATABASE_NAME).write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError, match="expected a folder"):
        open_database(tmp_path)


def test_a_database_of_a_later_version_is_refused(tmp_path):
    engine = open_database(tmp_path)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(StoreError, match="9999"):
        open_database(tmp_path)


def test_the_tables_are_those_of_the_migrations(engine):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from onrecord.store.tables import metadata

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
