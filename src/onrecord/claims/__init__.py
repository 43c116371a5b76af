"""What the article asserts that could be checked, and what of it deserves a check most."""
