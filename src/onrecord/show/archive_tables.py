"""The tables and plots of a report: one figure over outlets and months, or several side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from onrecord.archive_figures import Figure
from onrecord.archive_numbers import Estimate, Sums, estimate
from onrecord.archive_report import Archive, periods
from onrecord.archive_spool import ALL_PAGES
from onrecord.show.archive_lists import Lists, Row
from onrecord.show.archive_plots import axis, bar, circles, dot, panel, shown, top_of
from onrecord.show.markup import escaped
from onrecord.show.visible import brief

__all__ = ["WHOLE", "by_month", "family", "measure", "page_table", "pair_table"]

WHOLE = "The whole archive"
# Small plots that are open at first; of more, a reader opens them.
OPEN_PANELS = 24
MOST_PAIRS = 300  # rows of a table of pairs of outlets; the export has them all
MOST_CIRCLES = 20  # outlets of the drawing of pairs

_Columns = Mapping[str, tuple[str, ...]]


def measure(lists: Lists, figure: Figure) -> str:
    """One figure: a row with dot and interval for each outlet, small plots and a table by month."""
    by_row = _by_row(lists, figure.key)
    totals = {row.id: sum(of.values(), Sums()) for row, of in by_row}
    found = {id_: estimate(sums, is_mean=figure.is_mean) for id_, sums in totals.items()}
    whole = estimate(sum(totals.values(), Sums()), is_mean=figure.is_mean)
    top = top_of([*found.values(), whole], is_mean=figure.is_mean)
    rows = [
        _measured(
            WHOLE,
            whole,
            figure,
            top=top,
            n=lists.whole_link(sum(totals.values(), Sums()).n, figure.key),
            sums=sum(totals.values(), Sums()),
        )
    ]
    rows += [
        _measured(
            row.name,
            found[row.id],
            figure,
            top=top,
            n=lists.link(totals[row.id].n, figure.key, row),
            sums=totals[row.id],
        )
        for row, _ in by_row
    ]
    unit = "a page" if figure.is_mean else "share"
    head = (
        f'<thead><tr><th scope="col">outlet</th><th scope="col" class="plot">'
        f"{axis(top, is_mean=figure.is_mean)}</th><th scope='col' class='number'>{unit} (95% "
        f"interval)</th><th scope='col' class='number'>{escaped(_counted_out_of(figure))}</th>"
        "</tr></thead>"
    )
    table = f'<table class="dots">{head}<tbody>{"".join(rows)}</tbody></table>'
    return table + _panels(lists, figure, by_row) + by_month(lists, figure, by_row)


def by_month(
    lists: Lists,
    figure: Figure,
    by_row: Sequence[tuple[Row, Mapping[str, Sums]]],
    *,
    name: str = "",
) -> str:
    """The numbers by month in a table that is opened on demand; each leads to its pages."""
    columns = periods(lists.archive.months)
    head = "".join(f'<th scope="col" class="number">{escaped(one)}</th>' for one in columns)
    rows = []
    for row, months in by_row:
        cells, before = [], 0
        for at, period in enumerate(columns.values()):
            sums = _within(months, period)
            value = shown(estimate(sums, is_mean=figure.is_mean), is_mean=figure.is_mean)
            n = lists.link(sums.n, figure.key, row, period=at, before=before)
            of = f" of {sums.of:,}" if not figure.is_mean else f" on {sums.n_pages:,}"
            before += sums.n_with
            cells.append(
                f'<td class="number">{n}{of}<br><small>{value}</small></td>'
                if sums.of
                else '<td class="number">–</td>'
            )
        rows.append(f"<tr>{_th(row.name)}{''.join(cells)}</tr>")
    what = "on pages" if figure.is_mean else f"of {figure.of}"
    return (
        f"<details><summary>Numbers by month{escaped(f': {name}' if name else '')}</summary><p class='quiet'>{escaped(figure.unit)} "
        f"{escaped(what)}.</p><div class='wide'><table><thead><tr><th scope='col'>outlet</th>{head}"
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div></details>"
    )


def family(lists: Lists, figures: Sequence[Figure], names: Sequence[str]) -> str:
    """Several shares side by side: a column each, a row for each outlet; then small plots."""
    by_figure = {one.key: _by_row(lists, one.key) for one in figures}
    head = "".join(f'<th scope="col">{escaped(name)}</th>' for name in names)
    whole = "".join(
        _share(sums, lists.whole_link(sums.n, one.key))
        for one in figures
        for sums in [sum((_total(of) for _, of in by_figure[one.key]), Sums())]
    )
    rows = [f'<tr class="whole-row">{_th(WHOLE)}{whole}</tr>']
    of_row = {one.key: {row.id: _total(of) for row, of in by_figure[one.key]} for one in figures}
    for row in lists.rows:
        cells = []
        for one in figures:
            sums = of_row[one.key].get(row.id, Sums())
            cells.append(_share(sums, lists.link(sums.n, one.key, row)))
        if any(row.id in of_row[one.key] for one in figures):
            rows.append(f"<tr>{_th(row.name)}{''.join(cells)}</tr>")
    table = (
        f'<div class="wide"><table class="family"><thead><tr><th scope="col">outlet</th>{head}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    points = [
        _points(_summed(of for _, of in by_figure[one.key]), lists.archive, one) for one in figures
    ]
    top = min(1.0, top_of([one for of in points for one in of.values()], is_mean=True))
    columns = tuple(periods(lists.archive.months))
    if len(columns) < 2:
        return table
    # Of counts that stand beside each other the exports have the months: they would be many tables.
    months = "".join(
        by_month(lists, one, by_figure[one.key], name=name)
        for one, name in zip(figures, names, strict=True)
        if one.is_finding
    )
    panels = "".join(
        panel(name, of, columns=columns, top=top, is_mean=False)
        for name, of in zip(names, points, strict=True)
    )
    return (
        f"{table}<h4>By month, the whole archive, on one scale</h4>"
        f"<div class='panels'>{panels}</div>{months}"
    )


def page_table(lists: Lists) -> str:
    """How many pages each outlet has in each month."""
    columns = periods(lists.archive.months)
    head = "".join(f'<th scope="col" class="number">{escaped(one)}</th>' for one in columns)
    rows = []
    every = _by_row(lists, ALL_PAGES)
    whole = _summed(of for _, of in every)
    cells = "".join(
        f'<td class="number">{_within(whole, months).n:,}</td>' for months in columns.values()
    )
    total = f'<td class="number">{lists.whole_link(lists.archive.methods.n_pages, ALL_PAGES)}</td>'
    rows.append(f'<tr class="whole-row">{_th(WHOLE)}{total}{cells}</tr>')
    for row, of in every:
        before, made = 0, []
        for at, months in enumerate(columns.values()):
            n = _within(of, months).n
            link = lists.link(n, ALL_PAGES, row, period=at, before=before)
            made.append(f'<td class="number">{link if n else "–"}</td>')
            before += n
        total = f'<td class="number">{lists.link(row.n_pages, ALL_PAGES, row)}</td>'
        rows.append(f"<tr>{_th(row.name)}{total}{''.join(made)}</tr>")
    return (
        '<div class="wide"><table><thead><tr><th scope="col">outlet</th><th scope="col" '
        f'class="number">all</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def pair_table(lists: Lists, kind: str) -> str:
    """Pairs of outlets with how many pages, and where the words stood first as far as known."""
    archive = lists.archive
    rank = {one.id: at for at, one in enumerate(archive.outlets)}
    names = {one.id: one.name for one in archive.outlets}
    pairs = sorted(archive.spool.outlet_pairs(kind), key=lambda row: (rank[row[0]], rank[row[1]]))
    rows = "".join(
        f"<tr>{_th(names[first])}{_th(names[second])}"
        f'<td class="number">{lists.pair_link(n["pairs"], kind, first, second)}</td>'
        f'<td class="number">{n["first_pages"]:,}</td><td class="number">{n["second_pages"]:,}</td>'
        f'<td class="number">{n["first"]:,}</td><td class="number">{n["second"]:,}</td>'
        f'<td class="number">{n["pairs"] - n["first"] - n["second"]:,}</td></tr>'
        for first, second, n in pairs[:MOST_PAIRS]
    )
    heads = (
        "pairs of pages",
        "pages of A",
        "pages of B",
        "first at A",
        "first at B",
        "undetermined",
    )
    head = "".join(f'<th scope="col" class="number">{one}</th>' for one in heads)
    rest = (
        f'<p class="quiet">{len(pairs) - MOST_PAIRS:,} more pairs of outlets stand in the export '
        "(<code>--json</code>, <code>--csv</code>), those that follow in the alphabet.</p>"
        if len(pairs) > MOST_PAIRS
        else ""
    )
    return (
        f'{_circles(pairs, names, rank)}<div class="wide"><table><thead><tr><th scope="col">outlet A'
        f'</th><th scope="col">outlet B</th>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        f"{rest}"
    )


def _circles(
    pairs: Sequence[tuple[int, int, dict[str, int]]],
    names: Mapping[int, str],
    rank: Mapping[int, int],
) -> str:
    members = sorted({one for row in pairs for one in row[:2]}, key=lambda one: rank[one])
    if not 2 < len(members) <= MOST_CIRCLES:
        return ""
    place = {one: at for at, one in enumerate(members)}
    counts = {(place[first], place[second]): n["pairs"] for first, second, n in pairs}
    return f'<div class="wide">{circles([names[one] for one in members], counts)}</div>'


def _measured(name: str, found: Estimate, figure: Figure, *, top: float, n: str, sums: Sums) -> str:
    of = f"on {sums.n_pages:,}" if figure.is_mean else f"of {sums.of:,}"
    css = ' class="whole-row"' if name is WHOLE else ""
    return (
        f'<tr{css}>{_th(name)}<td class="plot">{dot(found, top=top, is_mean=figure.is_mean)}</td>'
        f'<td class="number">{shown(found, is_mean=figure.is_mean)}</td>'
        f'<td class="number">{n} {of}</td></tr>'
    )


def _counted_out_of(figure: Figure) -> str:
    return f"{figure.unit} on pages" if figure.is_mean else f"of {figure.of}"


def _panels(lists: Lists, figure: Figure, by_row: Sequence[tuple[Row, Mapping[str, Sums]]]) -> str:
    """Small plots by month, all on one scale; none where there is one month."""
    columns = tuple(periods(lists.archive.months))
    if len(columns) < 2:
        return ""
    whole = _points(_summed(of for _, of in by_row), lists.archive, figure)
    points = [(row.name, _points(of, lists.archive, figure)) for row, of in by_row]
    every = [found for _, of in [(WHOLE, whole), *points] for found in of.values()]
    top = top_of(every, is_mean=figure.is_mean)
    drawn = "".join(
        panel(name, of, columns=columns, top=top, is_mean=figure.is_mean)
        for name, of in [(WHOLE, whole), *points]
    )
    is_open = " open" if len(points) < OPEN_PANELS else ""
    return (
        f"<details{is_open}><summary>By month, each outlet on the same scale</summary>"
        f"<div class='panels'>{drawn}</div></details>"
    )


def _points(months: Mapping[str, Sums], archive: Archive, figure: Figure) -> dict[str, Estimate]:
    return {
        name: estimate(sums, is_mean=figure.is_mean)
        for name, of in periods(archive.months).items()
        if (sums := _within(months, of)).of
    }


def _by_row(lists: Lists, key: str) -> list[tuple[Row, dict[str, Sums]]]:
    """The sums by month for each row that has any."""
    by_outlet = lists.archive.by_outlet(key)
    made = []
    for row in lists.rows:
        months = _summed(by_outlet[one] for one in row.outlets if one in by_outlet)
        if months:
            made.append((row, months))
    return made


def _summed(every: Iterable[Mapping[str, Sums]]) -> dict[str, Sums]:
    made: dict[str, Sums] = {}
    for months in every:
        for month, sums in months.items():
            made[month] = made.get(month, Sums()) + sums
    return made


def _within(months: Mapping[str, Sums], wanted: Sequence[str]) -> Sums:
    return sum((months[one] for one in wanted if one in months), Sums())


def _total(months: Mapping[str, Sums]) -> Sums:
    return sum(months.values(), Sums())


def _share(sums: Sums, n: str) -> str:
    if not sums.of:
        return '<td class="share">–</td>'
    found = estimate(sums, is_mean=False)
    return (
        f'<td class="share">{bar(found)}{shown(found, is_mean=False)}<br>'
        f"<small>{n} of {sums.of:,}</small></td>"
    )


def _th(name: str) -> str:
    return f'<th scope="row" dir="auto">{escaped(brief(name, 60))}</th>'
