"""The append-only log: sources, records, claims and judgements, and their history."""
