"""What the owner of an installation sets by environment variables, read when it is asked for."""

from __future__ import annotations

from urllib.parse import quote

from mapapp import settings
from mapapp.ui.links import web_address

#: Where readers report faults: a mail address, or the address of a form on the web.
REPORT_VARIABLE = "MAPAPP_REPORT_ADDRESS"


def report_href(incident_id: str) -> str | None:
    """The link behind "This is wrong" for a record; None where the owner has set no address."""
    address = settings.read().report_address.strip()
    if web_address(address):
        return web_address(address)
    if "@" in address:
        subject = quote(f"Correction to record {incident_id}")
        body = quote(f"Record: {incident_id}\nWhat is wrong:\nSource that shows it:\n")
        return f"mailto:{quote(address, safe='@')}?subject={subject}&body={body}"
    return None
