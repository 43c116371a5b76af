"""Where the words of a page stood before: whole articles, passages and single quotations."""
