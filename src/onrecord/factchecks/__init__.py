"""What was fact-checked before: feeds of fact-checks, and matching claims against them."""
