"""Measures the gazetteer against the visible sets; see `python -m gazetteer.evaluate`."""
