"""What passages of a collection say for and against a claim."""
