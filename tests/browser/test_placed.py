"""The map wherever it is put: below a path that a proxy takes away, below a base path, and in a
frame of another site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Frame, FrameLocator, Page, expect

from tests.browser.conftest import WAIT_MS, OpenPage
from tests.browser.dashboard import Dashboard, asked_of_frames
from tests.browser.nginx import behind_nginx
from tests.conftest import launch
from tests.static_host import static_host

pytestmark = pytest.mark.browser

PLACES = {
    "prefix": ("/some/map", True, ""),
    "base path": ("/map", False, "map"),
}


@pytest.mark.parametrize("place", PLACES)
def test_it_works_below_a_path_without_a_setting(
    tmp_path: Path, open_page: OpenPage, place: str
) -> None:
    prefix, taken, base = PLACES[place]
    environ = {"STREAMLIT_SERVER_BASE_URL_PATH": base} if base else {}
    with behind_nginx(tmp_path, prefix, taken=taken, environ=environ) as placed:
        elsewhere: list[str] = []
        page = open_page("about:blank", permissions=["clipboard-read", "clipboard-write"])
        page.on(
            "response",
            lambda answer: (
                elsewhere.append(f"{answer.status} {answer.url}")
                if answer.status >= 400 or prefix not in answer.url
                else None
            ),
        )
        page.goto(f"{placed.address}?province=AF32")
        board = Dashboard(page).ready()
        few = board.incidents.inner_text()
        board.option("Province", "Kabul").check()
        page.wait_for_function("() => /province=[^&]*,/.test(decodeURIComponent(location.search))")
        board.settled()
        expect(board.incidents).not_to_have_text(few)
        more = board.incidents.inner_text()
        page.get_by_role("button", name="Copy link").click()
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert copied == page.url
        assert copied.startswith(placed.address)
        again = Dashboard(open_page(copied)).ready()
        assert again.incidents.inner_text() == more
        page.get_by_role("tab", name=re.compile("Changes")).click()
        feed = page.locator("a[href*='feed.atom']").first
        expect(feed).to_be_visible()
        href = feed.get_attribute("href")
        assert href is not None
        answer = page.request.get(urljoin(page.url, href))
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("application/atom+xml")
        assert elsewhere == []


#: What Streamlit Community Cloud's own page does: the app in a frame below /~/+/ of the same host,
#: with the query of the address; the address follows what the frame tells.
SHELL = """<!doctype html><meta charset="utf-8"><title>Shell</title>
<iframe style="width:1400px;height:900px;border:0" allow="clipboard-write; clipboard-read"></iframe>
<script>
  const frame = document.querySelector("iframe");
  frame.src = "/~/+/" + location.search;
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.data?.stCommVersion !== 1) return;
    if (event.data.type !== "SET_QUERY_PARAM") return;
    history.replaceState({}, "", location.pathname + event.data.queryParams);
  });
</script>"""


def test_in_a_shell_the_outer_address_follows(tmp_path: Path, open_page: OpenPage) -> None:
    (tmp_path / "index.html").write_text(SHELL, "utf-8")
    with behind_nginx(tmp_path, "/~/+", taken=True) as placed:
        outside = placed.address.removesuffix("~/+/")
        page = open_page(
            f"{outside}?province=AF32", permissions=["clipboard-read", "clipboard-write"]
        )
        view = page.frame_locator("iframe")
        incidents = view.locator('[data-figure="incidents"]')
        expect(incidents).to_be_visible()
        few = incidents.inner_text()
        view.get_by_role("checkbox", name=re.compile("^Kabul")).first.check()
        page.wait_for_function("() => /province=[^&]*,/.test(decodeURIComponent(location.search))")
        expect(incidents).not_to_have_text(few)
        more = incidents.inner_text()
        # The map's own view, too.
        inner = framed_map(page)
        inner.wait_for_function("() => window.map?.incidentLayer?._answer?.incidents !== undefined",
                                polling=100)  # fmt: skip
        inner.locator(".leaflet-control-zoom-in").click()
        page.wait_for_function("() => /[?&]v=/.test(location.search)")
        view.get_by_role("button", name="Copy link").click()
        page.wait_for_function(
            "async () => (await navigator.clipboard.readText()).includes('province')", polling=200
        )
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert copied == page.url
        assert "~" not in copied
        page.reload()
        expect(incidents).to_have_text(more)
        again = open_page(copied).frame_locator("iframe").locator('[data-figure="incidents"]')
        expect(again).to_have_text(more)


BLOG = """<!doctype html><meta charset="utf-8"><title>Blog</title><h1>Blog</h1>
<script>window.heard=[];addEventListener("message",e=>heard.push(e.data))</script>
{code}"""


BLOG_HOST = "blog.test"


@pytest.fixture
def reader(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in a browser that finds the other site, and nothing beyond this machine."""
    more = getattr(request, "param", ())
    launched = launch(browser.browser_type, *more, here=BLOG_HOST)
    page = launched.new_page()
    page.set_default_timeout(WAIT_MS)
    yield page
    launched.close()


@contextmanager
def another_site(folder: Path, text: str) -> Iterator[str]:
    """A page of another origin, and of another site for cookies."""
    folder.mkdir()
    (folder / "blog.html").write_text(text, "utf-8")
    with static_host(folder, BLOG_HOST) as blog:
        yield f"{blog}/blog.html"


def framed_map(page: Page) -> Frame:
    """The frame of the map, two below the page, when it has drawn."""
    # Looked for by its element: a frame that the page is still putting in has no frame of its own.
    inner = page.frame_locator("iframe").frame_locator("iframe[title*='st_folium']")
    expect(inner.locator(".leaflet-container")).to_be_visible()
    has_map = "() => document.querySelector('.leaflet-container') !== null"
    (frame,) = [found for found, there in asked_of_frames(page, has_map) if there]
    return frame


@pytest.mark.parametrize(
    "reader", [(), ("--test-third-party-cookie-phaseout",)], indirect=True,
    ids=["cookies", "no third-party cookies"],
)  # fmt: skip
def test_another_site_shows_the_view_in_a_frame(
    address: str, tmp_path: Path, open_page: OpenPage, reader: Page
) -> None:
    # The code as the page gives it.
    page = open_page(f"{address}?province=AF32", permissions=["clipboard-read", "clipboard-write"])
    Dashboard(page).ready()
    page.get_by_role("button", name="Export").click()
    page.get_by_text("Embed", exact=True).click()
    page.get_by_role("button", name="Copy the code").click()
    page.wait_for_function(
        "async () => (await navigator.clipboard.readText()).includes('<iframe')", polling=200
    )
    code = page.evaluate("() => navigator.clipboard.readText()")
    assert f'src="{address}/?province=AF32&embed=true"' in code
    with another_site(tmp_path / "blog", BLOG.format(code=code)) as blog:
        reader.goto(blog)
        framed_map(reader).wait_for_function(
            "() => window.map?.incidentLayer?._answer?.incidents !== undefined", polling=100
        )
        view: FrameLocator = reader.frame_locator("iframe")
        expect(view.locator('[data-figure="incidents"]')).to_be_visible()
        # The frame has become as high as the view.
        reader.wait_for_function("() => window.heard.some(m => m.source === 'incident-embed')")
        reader.wait_for_function(
            """() => {
              const own = window.heard.filter(m => m.source === 'incident-embed').at(-1);
              const frame = document.querySelector('iframe');
              return Math.abs(frame.clientHeight - own.height) < 2;
            }"""
        )
        way_out = view.get_by_role("link", name="Open the whole map")
        with reader.context.expect_page() as opened:
            way_out.click()
        whole = opened.value
        whole.set_default_timeout(WAIT_MS)
        expect(whole.get_by_role("button", name="Copy link")).to_be_visible()
        assert "embed" not in whole.url
        assert "province=AF32" in whole.url


def test_the_map_s_frame_hears_nobody_else(address: str, tmp_path: Path, reader: Page) -> None:
    """folium's component runs what a message brings; another site must not make it run anything."""
    frame = f"{address}/component/streamlit_folium.st_folium/index.html"
    attack = """<script>onload=()=>{for(let n=0;n<20;n++)setTimeout(()=>{
      frames[0].postMessage({isStreamlitMessage:true,type:"streamlit:render",args:{
        script:"window.top.postMessage('ran','*')",html:"<div id=map_div></div>",header:"",
        js_links:[],css_links:[],key:"x",height:300,width:300,default:{},id:"map_div",
        returned_objects:[],feature_group:null}},"*")},n*100)}</script>"""
    text = BLOG.format(code=f'<iframe src="{frame}"></iframe>{attack}')
    with another_site(tmp_path / "evil", text) as evil:
        reader.goto(evil)
        inner = reader.frames[1]
        inner.wait_for_load_state()
        said = inner.evaluate(
            """() => new Promise(done => { let heard = 0;
              addEventListener("message", () => { heard += 1; });
              setTimeout(() => done(heard), 2500); })"""
        )
        assert said == 0
        assert "ran" not in reader.evaluate("() => window.heard")
        # So it can fail: the same message of its own page is heard.
        own = inner.evaluate(
            """() => new Promise(done => { addEventListener("message", () => done(1));
              postMessage("own", "*"); setTimeout(() => done(0), 2500); })"""
        )
        assert own == 1


def test_the_whole_page_is_framed_by_nobody_else(
    address: str, tmp_path: Path, reader: Page
) -> None:
    text = BLOG.format(code=f'<iframe src="{address}/"></iframe>')
    with another_site(tmp_path / "blog", text) as blog:
        with (
            reader.expect_console_message(lambda said: "frame-ancestors" in said.text),
            # The frame is told of after the message on a slow machine.
            reader.expect_event(
                "framenavigated", lambda frame: frame.url.startswith("chrome-error:")
            ),
        ):
            reader.goto(blog)
        assert reader.frames[1].url.startswith("chrome-error:")


def test_links_that_were_passed_on_bring_no_notice(address: str, open_page: OpenPage) -> None:
    page = open_page(f"{address}/?province=AF32&fbclid=IwAR0abc&utm_source=tw&mc_cid=1&gclid=2")
    board = Dashboard(page).ready()
    board.wait_for_param("province", "AF32")
    page.wait_for_function("() => !location.search.includes('clid')")
    assert page.get_by_text("Not everything in the link").count() == 0
