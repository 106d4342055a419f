"""Drafts of a page while a person looks at them: decided, moved, joined (reading → record)."""
