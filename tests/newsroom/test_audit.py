from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from onrecord.newsroom.audit import AuditEntry, audited, broken

NOW = "2026-03-14T08:20:00+00:00"


def chain(acts):
    entries: list[AuditEntry] = []
    for act in acts:
        last = entries[-1] if entries else None
        entries.append(audited(last, at=NOW, account="1", act=act, target="review/r1"))
    return entries


@given(acts=st.lists(st.text(max_size=20), max_size=12))
def test_a_chain_as_written_holds(acts):
    assert broken(chain(acts)) == ()


@given(
    acts=st.lists(st.text(max_size=20), min_size=1, max_size=12),
    data=st.data(),
)
def test_a_changed_missing_or_moved_entry_is_found(acts, data):
    entries = chain(acts)
    place = data.draw(st.integers(0, len(entries) - 1))
    how = data.draw(st.sampled_from(["change", "drop", "twice", "swap"]))
    if how == "change":
        entries[place] = replace(entries[place], act=entries[place].act + "x")
    elif how == "drop":
        if place == len(entries) - 1:
            return  # a cut end is not seen from inside
        del entries[place]
    elif how == "twice":
        entries.insert(place, entries[place])
    elif place:
        entries[place - 1], entries[place] = entries[place], entries[place - 1]
    else:
        return
    assert broken(entries)
