"""An incident map that shows who says so: records, store, query, map and dashboard."""

__version__ = "0.1.0"
