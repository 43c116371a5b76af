"""A record as terminal text, one self-contained HTML page, and a Markdown work sheet."""
