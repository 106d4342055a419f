"""Benchmarks of the gazetteer as ratios of two paths in one run; not part of the wheel."""
