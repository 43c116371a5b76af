"""The record of a news page: what it asserts, who says each thing, and what stands behind it."""
