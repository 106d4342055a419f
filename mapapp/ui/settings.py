"""What the owner of an installation sets by environment variables, read when it is asked for."""

from __future__ import annotations

from urllib.parse import quote

from mapapp import settings
from mapapp.domain.source import web_address


def report_href(incident_id: str, version: str = "") -> str | None:
    """The link behind "This is wrong" for a record; None where the owner has set no address.

    In a web address `{record}` and `{version}` stand for the record's id and version.
    """
    address = settings.read().report_address.strip()
    if web_address(address):
        filled = address.replace("{record}", quote(incident_id, safe=""))
        return web_address(filled.replace("{version}", quote(version, safe="")))
    if "@" in address:
        record = f"{incident_id}, {version}" if version else incident_id
        subject = quote(f"Correction to record {incident_id}")
        body = quote(f"Record: {record}\nWhat is wrong:\nSource that shows it:\n")
        return f"mailto:{quote(address, safe='@')}?subject={subject}&body={body}"
    return None


def report_words() -> str:
    """Whom to tell of a fault, for paper: the address that the owner has set, or who that is."""
    return settings.read().report_address.strip() or "whoever runs this page"
