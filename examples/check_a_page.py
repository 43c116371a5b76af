"""Reads the example page and prints who says what: `python examples/check_a_page.py`."""

from __future__ import annotations

from pathlib import Path

import onrecord

page = Path(__file__).parent / "bridge.html"
record = onrecord.check(str(page))
text = record.page.text
names = {i: s.name for s in record.speakers or () for i in s.attributions}
for attribution in record.attributions or ():
    words = " … ".join(span.of(text) for span in attribution.content)
    print(f"{names.get(attribution.id, 'unresolved')} {attribution.stance}: {words}")
