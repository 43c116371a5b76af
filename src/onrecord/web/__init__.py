"""The desk and its public site over HTTP: `app.make_app(office)`.

`routes.py` says what a route is, `app.py` lists them all, `access.py` lets nobody through whom a
route does not name. Pages are Jinja templates with every value escaped.
"""
