"""What is clicked in the browser, the same for every way (browser parts)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: Options clicked one after the other. A second click on one takes it off again, so that every
#: selection on the way is narrow and new, and no cache has seen it.
NARROW: Final = (
    ("Province", "Kabul"), ("Group", "ISKP"), ("Province", "Kabul"), ("Attribution", "claimed"),
    ("Group", "ISKP"), ("Province", "Kandahar"), ("Attribution", "claimed"), ("Group", "NRF"),
    ("Province", "Kandahar"), ("Attribution", "attributed"), ("Group", "NRF"),
    ("Province", "Ghazni"), ("Attribution", "attributed"), ("Province", "Nangarhar"),
)  # fmt: skip

#: The same with broad selections, from a fifth to three quarters, half on average: kinds of
#: attribution that are added to each other and taken off.
BROAD: Final = tuple(
    ("Attribution", kind)
    for kind in (
        "no claim reported", "claimed", "attributed", "claimed", "suspected", "contested",
        "attributed", "claimed", "contested", "no claim reported", "attributed", "claimed",
        "contested", "suspected",
    )
)  # fmt: skip

#: Options that a reader tries and takes off again, from the whole and back to it.
ON_AND_OFF: Final = tuple(
    click
    for click in (
        ("Province", "Kabul"), ("Group", "ISKP"), ("Attribution", "claimed"),
        ("Province", "Nangarhar"), ("Group", "NRF"), ("Attribution", "attributed"),
    )
    for _ in ("on", "off")
)  # fmt: skip

#: Where an option stands in the data: a column, and the code.
OPTIONS: Final = {
    "Kabul": ("province", "AF01"),
    "Kandahar": ("province", "AF27"),
    "Ghazni": ("province", "AF11"),
    "Nangarhar": ("province", "AF06"),
    "ISKP": ("group", "iskp"),
    "NRF": ("group", "nrf"),
    "claimed": ("kind", "claimed"),
    "attributed": ("kind", "attributed"),
    "no claim reported": ("kind", "unclaimed"),
    "suspected": ("kind", "suspected"),
    "contested": ("kind", "contested"),
}

#: Every click on a filter, of whatever list.
CHANGE: Final = "filter change"

#: What is clicked, one list after the other, each from the whole. The first two lead to selections
#: that nobody has asked for before.
LISTS: Final = {
    f"{CHANGE}, new and broad": BROAD,
    f"{CHANGE}, new and narrow": NARROW,
    f"{CHANGE}, on and off": ON_AND_OFF,
}


def left_on(clicks: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The options that are still chosen after these clicks."""
    return [click for click in dict.fromkeys(clicks) if clicks.count(click) % 2]
