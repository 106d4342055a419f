"""Text as XML 1.0 can hold it (serves query → export)."""

from __future__ import annotations

import re
from typing import Final

#: What XML 1.0 cannot hold, however it is escaped.
NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with a mark in place of each character that XML cannot hold."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
