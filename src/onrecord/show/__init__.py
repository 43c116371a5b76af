"""The record as people see it: on a terminal, as one HTML page, as a work sheet."""
