"""The map as a picture, its playback as a film: made in the browser, the same as it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.dashboard import Dashboard

pytestmark = pytest.mark.browser

#: Where an incident is painted on the map's own canvas, and the colour there.
_PAINTED = """id => {
  const { _answer, _canvas } = map.incidentLayer;
  const { lat, lng } = _answer.incidents.find((incident) => incident.id === id);
  const at = map.latLngToContainerPoint([lat, lng]);
  const corner = map.layerPointToContainerPoint(_canvas._bounds.min);
  const onCanvas = [at.x + 5 - corner.x, at.y - corner.y];
  const [x, y] = onCanvas.map((px) => Math.round(px * devicePixelRatio));
  const pixel = [..._canvas._ctx.getImageData(x, y, 1, 1).data].slice(0, 3);
  const { x: width, y: height } = map.getSize();
  return { x: at.x + 5, y: at.y, width, height, pixel };
}"""

#: How long a film runs (s), and how high its frames are.
_PLAYED = """async (bytes) => {
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: "video/webm" }));
  await new Promise((resolve, reject) => {
    Object.assign(video, { onloadedmetadata: resolve, onerror: reject });
  });
  video.currentTime = 1e6;
  await new Promise((resolve) => (video.onseeked = resolve));
  return [video.currentTime, video.videoHeight];
}"""

CONVOY = "afg-2024-05-08-fayzabad-convoy"


def test_a_picture_shows_the_view_and_a_film_its_playback(
    address: str, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(f"{address}/?from=2024-04-01&to=2024-04-30&v=36.9,70.3,8")
    board = Dashboard(page).ready()
    shown = board.range_words.inner_text()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as film:
        page.get_by_role("button", name="Film of the playback").click()
    path = tmp_path / "film.webm"
    film.value.save_as(path)
    assert film.value.suggested_filename.endswith("-film.webm")
    expect(page.locator(".picture-said")).to_contain_text("Saved")
    expect(board.range_words).to_have_text(shown)
    seconds, height = page.evaluate(_PLAYED, list(path.read_bytes()))
    assert seconds > 4, "two steps and the sources"
    assert height > 600

    page = open_page(f"{address}/?v=36.9,70.3,8")
    board = Dashboard(page).ready()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as picture:
        page.get_by_role("button", name="Picture of this map").click()
    assert picture.value.suggested_filename.startswith("all-attacks-in-afghanistan-")
    picture.value.save_as(tmp_path / "map.png")
    on_screen = board.map_frame().evaluate(_PAINTED, CONVOY)
    with Image.open(tmp_path / "map.png") as found:
        image = found.convert("RGB")
    edge, ratio = 18, 2
    assert image.width == ratio * (on_screen["width"] + 2 * edge)
    assert image.height > ratio * (on_screen["height"] + 200), "the words are below and above"
    # The row in which the map begins is a line across it.
    column = [image.getpixel((ratio * (edge + 40), y)) for y in range(image.height)]
    tops = [y for y in range(100, image.height - 1) if column[y] == (169, 180, 191)]
    top = tops[0] / ratio
    x, y = ratio * (edge + on_screen["x"]), ratio * (top + on_screen["y"])
    painted = image.getpixel((round(x), round(y)))
    assert painted == tuple(on_screen["pixel"]), "the mark lies where it lies on the screen"
