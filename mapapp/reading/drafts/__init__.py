"""Drafts of the attacks that a page tells of."""

from mapapp.reading.drafts.drafter import Drafter

__all__ = ["Drafter"]
