"""One module per task, each with `NAMES` and `run(data, *, split, stage)`."""
