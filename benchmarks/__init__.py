"""Synthetic incidents, and measurements of two ways in one run; see docs/benchmarks.md."""
