"""What is clicked in the browser, the same for every way (browser parts)."""

from __future__ import annotations

from typing import Final

#: Options clicked one after the other. A second click on one takes it off again, so that every
#: selection on the way is narrow and new, and no cache has seen it.
NARROW: Final = (
    ("Province", "Kabul"), ("Group", "ISKP"), ("Province", "Kabul"), ("Attribution", "claimed"),
    ("Group", "ISKP"), ("Province", "Kandahar"), ("Attribution", "claimed"), ("Group", "NRF"),
    ("Province", "Kandahar"), ("Attribution", "attributed"), ("Group", "NRF"),
    ("Province", "Ghazni"), ("Attribution", "attributed"), ("Province", "Nangarhar"),
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
}
