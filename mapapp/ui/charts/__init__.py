"""Charts, comparison and coverage."""
