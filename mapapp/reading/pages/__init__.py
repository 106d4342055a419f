"""A page as people have it, a file or pasted words, becomes text and what the file says of it."""

from mapapp.reading.pages.page import LARGEST_BYTES, Page, Published
from mapapp.reading.pages.reading import page_of

__all__ = ["LARGEST_BYTES", "Page", "Published", "page_of"]
