"""Measurements of every stage: see bench/README.md."""
