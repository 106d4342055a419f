"""One import, from a file to a published snapshot, and its report."""
