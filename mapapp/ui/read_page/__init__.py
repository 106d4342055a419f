"""The page "Read a page": words in, drafts beside them, records out."""
