"""The questions that a page asks of a selection."""
