"""Finding rows by words and by meaning: a text index, an embedding index, and their fusion."""
