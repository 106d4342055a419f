"""The dashboard as a reader handles it: finding its parts, and waiting until they have settled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame, Locator, Page, expect

#: The layer has drawn the answer to what the page last told it.
_MAP_IS_THERE = "() => window.map?.incidentLayer?._answer?.incidents !== undefined"


def asked_of_frames(page: Page, question: str) -> Iterator[tuple[Frame, Any]]:
    """The answer of each frame; the page may take one away, or load it, while it is asked."""
    for frame in page.frames:
        for last in (False, True):
            try:
                yield frame, frame.evaluate(question)
                break
            except PlaywrightError:
                if last and not frame.is_detached():
                    raise


class Dashboard:
    """One open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.incidents = page.locator('[data-figure="incidents"]')
        self.panel = page.locator("article.panel-card")
        self.play = page.get_by_role("button", name=re.compile("^(Play|Pause)$"))
        self.range_words = page.locator(".range-words")

    def ready(self) -> Dashboard:
        """Wait for figures, filters, timeline and map."""
        expect(self.incidents).to_be_visible()
        expect(self.play).to_be_visible()
        # Polled: a frame that is not laid out yet drops the animation frames it asked for.
        self.map_frame().wait_for_function(_MAP_IS_THERE, polling=100)
        self.settled()
        return self

    def settled(self) -> None:
        """Wait until no script runs, and none is asked for ("rerunRequested")."""
        self.page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached")

    def map_frame(self) -> Frame:
        """The frame that the map is drawn in."""
        title = "iframe[title*='st_folium']"
        # An element that the page is still putting in has no frame of its own yet.
        inner = self.page.frame_locator(title).first.locator(".leaflet-container").first
        inner.wait_for(state="attached")
        handle = self.page.query_selector(title)
        assert handle is not None
        frame = handle.content_frame()
        assert frame is not None
        return frame

    def open_filters(self) -> None:
        """On a phone the filters are a drawer."""
        handle = self.page.get_by_test_id("stExpandSidebarButton")
        if handle.count():
            handle.click()
        expect(self.page.get_by_role("group", name="Province")).to_be_visible()

    def close_filters(self) -> None:
        """Close the drawer again."""
        handle = self.page.get_by_test_id("stSidebarCollapseButton").locator("button")
        self.page.get_by_test_id("stSidebar").hover()
        handle.click()
        expect(self.page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
        # It slides away over what is under it.
        expect(self.page.get_by_test_id("stSidebar")).not_to_be_in_viewport()

    def option(self, facet: str, name: str) -> Locator:
        """The check box of a filter's option."""
        return self.page.get_by_role("group", name=facet, exact=True).get_by_role(
            "checkbox", name=re.compile(f"^{re.escape(name)} ")
        )

    def params(self) -> dict[str, list[str]]:
        """The query parameters in the address."""
        return parse_qs(urlsplit(self.page.url).query)

    def wait_for_param(self, name: str, value: str | None = None) -> None:
        """Wait until the address carries a parameter (of that value)."""
        self.page.wait_for_function(
            """([name, value]) => {
              const found = new URLSearchParams(location.search).get(name);
              return value === null ? found !== null : found === value;
            }""",
            arg=[name, value],
        )

    def click_incident(self, incident_id: str) -> None:
        """Click the mark of an incident on the map, where the map has drawn it."""
        frame = self.map_frame()
        frame.wait_for_function(
            """id => window.map?.incidentLayer?._answer?.incidents?.some((i) => i.id === id)""",
            arg=incident_id,
            polling=100,
        )
        at = frame.evaluate(
            """id => {
              const incident = map.incidentLayer._answer.incidents.find((i) => i.id === id);
              const point = map.latLngToContainerPoint([incident.lat, incident.lng]);
              return { x: point.x, y: point.y };
            }""",
            incident_id,
        )
        surface = frame.locator(".leaflet-container")
        surface.scroll_into_view_if_needed()
        surface.click(position=at)

    def drag_range(self, handle: str, days_share: float) -> None:
        """Drag a handle of the timeline ("from" or "to") to a share of its width."""
        plot = self.page.locator(".timeline .plot")
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        grip = self.page.locator(f".timeline .handle.{handle}").bounding_box()
        assert box is not None
        assert grip is not None
        mouse = self.page.mouse
        middle = grip["y"] + grip["height"] / 2
        mouse.move(grip["x"] + grip["width"] / 2, middle)
        mouse.down()
        mouse.move(box["x"] + box["width"] * days_share, middle, steps=8)
        mouse.up()

    def sideways(self) -> int:
        """Pixels that the page could be scrolled sideways."""
        found: int = self.page.evaluate(
            """() => {
              const main = document.querySelector('[data-testid="stMain"]');
              return Math.max(
                document.documentElement.scrollWidth - document.documentElement.clientWidth,
                main.scrollWidth - main.clientWidth);
            }"""
        )
        return found
