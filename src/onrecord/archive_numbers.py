"""Shares and means over pages, each with a 95% interval that takes the page for the unit.

The words of one page hang together, and so do its speakers: an interval that took each word for a
draw of its own would be far too narrow. Shares of what a page holds many of have the interval of
Wilson (1927) with an effective number: that of independent draws which would spread as the pages do
(Korn and Graubard 1998, section 2, with Wilson's interval in place of Clopper and Pearson's).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

__all__ = ["FEWEST_PAGES", "Estimate", "Share", "Sums", "estimate", "share"]

Z = 1.96
# With fewer pages the spread between them says next to nothing; not tuned.
FEWEST_PAGES = 5


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of a denominator, with the 95% interval of the share."""

    n: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share (0 to 1) or a mean a page with its 95% interval; `None` where it cannot be told."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over pages of what was counted (`n`) out of what (`of`): `of` is 1 a page for a mean.

    `n_pages` have any of what is counted out of, `n_with` have any of what is counted; `nn`, `no`
    and `oo` are the sums of the products.
    """

    n_pages: int = 0
    n_with: int = 0
    n: int = 0
    of: int = 0
    nn: int = 0
    no: int = 0
    oo: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.n_pages + other.n_pages,
            self.n_with + other.n_with,
            self.n + other.n,
            self.of + other.of,
            self.nn + other.nn,
            self.no + other.no,
            self.oo + other.oo,
        )


def share(n: int, of: int) -> Share:
    """A share of independent draws with its Wilson interval; nothing out of nothing is 0 to 1.

    >>> round(share(95, 100).low, 3)
    0.888
    """
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    return Share(n, of, *_wilson(n / of, of))


def estimate(sums: Sums, *, is_mean: bool) -> Estimate:
    """The share `n / of`, or for `is_mean` the mean a page, with its interval.

    There is no interval below 5 pages, except for what a page either is or is not.

    >>> estimate(Sums(n_pages=4, n=2, of=4, nn=2, no=2, oo=4), is_mean=False).value
    0.5
    """
    if not sums.of:
        return Estimate(None)
    ratio = sums.n / sums.of
    if not is_mean and sums.of == sums.oo == sums.n_pages and sums.n == sums.nn:
        return Estimate(ratio, *_wilson(ratio, sums.of))
    if sums.n_pages < FEWEST_PAGES:
        return Estimate(ratio)
    squares = max(0.0, sums.nn - 2 * ratio * sums.no + ratio * ratio * sums.oo)
    variance = sums.n_pages / (sums.n_pages - 1) * squares / sums.of**2
    t = _t(sums.n_pages - 1)
    if is_mean:
        if variance == 0:
            return Estimate(ratio)  # all pages alike: that they never differ is not shown by it
        spread = t * sqrt(variance)
        return Estimate(ratio, max(0.0, ratio - spread), ratio + spread)
    return Estimate(ratio, *_wilson(ratio, _effective(ratio, variance, t, sums)))


def _effective(ratio: float, variance: float, t: float, sums: Sums) -> float:
    """How many independent draws would spread as these pages do; none or all counts pages."""
    if ratio in {0.0, 1.0}:
        return sums.n_pages
    if variance == 0:
        return sums.of
    return min(ratio * (1 - ratio) / variance * (Z / t) ** 2, float(sums.of))


def _wilson(ratio: float, of: float) -> tuple[float, float]:
    middle = ratio + Z * Z / (2 * of)
    spread = Z * sqrt(ratio * (1 - ratio) / of + Z * Z / (4 * of * of))
    bottom = 1 + Z * Z / of
    return max(0.0, (middle - spread) / bottom), min(1.0, (middle + spread) / bottom)


def _t(freedom: int) -> float:
    """Student's t at 97.5%, from 4 degrees of freedom right to .01 (Fisher's expansion, 1926)."""
    z = Z
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
