"""The newsroom: what people do with what the machine proposed.

Pure rules over frozen values; `store/newsroom.py` keeps them, `web/` shows them. Nothing here
reads a `Verdict`: only a review that people signed becomes a publication (`publication.py`).
"""
