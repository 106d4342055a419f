"""The published snapshot: what is read, as immutable files."""
