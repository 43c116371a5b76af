"""Shares and means over pages with intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.archive_numbers import Sums, _t, estimate, share


def sums_of(pages):
    out = Sums()
    for n, of in pages:
        out += Sums(1, int(n > 0), n, of, n * n, n * of, of * of)
    return out


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.28), (10, 10, 0.72, 1), (5, 10, 0.24, 0.76)],
)
def test_wilson_intervals(n, of, low, high):
    found = share(n, of)
    assert found.low == pytest.approx(low, abs=0.01)
    assert found.high == pytest.approx(high, abs=0.01)


# Student's t at 97.5%, from the printed tables.
@pytest.mark.parametrize(("freedom", "t"), [(4, 2.776), (9, 2.262), (30, 2.042), (1000, 1.962)])
def test_students_t_is_that_of_the_tables(freedom, t):
    assert _t(freedom) == pytest.approx(t, abs=0.01)


def test_a_mean_has_the_interval_of_student():
    found = estimate(sums_of([(n, 1) for n in (2, 4, 4, 6, 9)]), is_mean=True)
    # Mean 5, standard deviation 2.646, 2.776 * 2.646 / sqrt(5) = 3.285.
    assert (found.value, found.low, found.high) == pytest.approx((5, 1.72, 8.28), abs=0.02)


def test_words_of_alike_pages_tell_more_than_those_of_unlike_ones():
    alike = estimate(
        sums_of([(50, 100), (49, 100), (51, 100), (50, 100), (50, 100)]), is_mean=False
    )
    unlike = estimate(
        sums_of([(0, 100), (99, 100), (100, 100), (1, 100), (50, 100)]), is_mean=False
    )
    assert alike.value == unlike.value == 0.5
    assert alike.high - alike.low < 0.1
    assert unlike.high - unlike.low > 0.6


def test_few_pages_have_no_interval_but_for_what_a_page_is_or_is_not():
    assert estimate(sums_of([(3, 9), (4, 9)]), is_mean=False).low is None
    assert estimate(sums_of([(3, 1), (4, 1)]), is_mean=True).low is None
    assert estimate(sums_of([(1, 1), (0, 1)]), is_mean=False).low is not None
    assert estimate(Sums(), is_mean=False).value is None
    assert estimate(sums_of([(2, 1)] * 9), is_mean=True).low is None


def test_none_in_any_page_is_no_certainty():
    found = estimate(sums_of([(0, 400)] * 10), is_mean=False)
    assert found.low == 0
    assert found.high == pytest.approx(0.28, abs=0.01)


@given(st.lists(st.integers(0, 50).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))))
def test_an_interval_holds_its_share_and_stays_between_0_and_1(pages):
    found = estimate(sums_of([one for one in pages if one[1]]), is_mean=False)
    if found.low is not None:
        assert 0 <= found.low <= found.value + 1e-9
        assert found.value - 1e-9 <= found.high <= 1
