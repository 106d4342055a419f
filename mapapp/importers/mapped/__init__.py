"""Any other table, read by a mapping of its columns to roles."""
