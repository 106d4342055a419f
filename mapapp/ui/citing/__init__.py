"""Citing, earlier states, what changed, downloads and print."""
