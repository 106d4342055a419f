"""One entry a filter: its expression, its words and its part of the link."""
