"""The page where records that may be one incident are judged."""
