// A reader's main job in Firefox, by WebDriver BiDi; says what it saw as one line of JSON.
// Usage: main_job.js FIREFOX ADDRESS WIDTH HEIGHT light|dark FOLDER
import puppeteer from "puppeteer-core";

const [executablePath, address, width, height, scheme, folder] = process.argv.slice(2);
const PATIENCE = 120_000; // conditions are waited for; a busy machine takes its time
const INCIDENT = "afg-2024-05-08-fayzabad-convoy";

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  extraPrefsFirefox: { "ui.systemUsesDarkTheme": scheme === "dark" ? 1 : 0 },
});
const seen = { faults: [], outside: [] };
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width: Number(width), height: Number(height) });
  page.on("pageerror", (error) => seen.faults.push(String(error)));
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1") seen.outside.push(request.url());
  });
  await page.goto(address, { waitUntil: "domcontentloaded", timeout: PATIENCE });

  const settled = () => page.waitForSelector('[data-test-script-state="notRunning"]');
  // Looked for anew where the page puts another in its place meanwhile.
  const press = (selector) => page.locator(selector).setTimeout(PATIENCE).click();
  const until = async (holds) => {
    const end = Date.now() + PATIENCE;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`never came true: ${holds}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const incidents = () => page.$eval('[data-figure="incidents"]', (e) => e.innerText);
  const param = (name) => new URL(page.url()).searchParams.get(name);
  const waitForParam = (name) =>
    page.waitForFunction((n) => new URLSearchParams(location.search).has(n), {}, name);
  const mapFrame = async () => {
    const handle = await page.waitForSelector("iframe[title*='st_folium']");
    return handle.contentFrame();
  };
  const drawn = async (id) =>
    (await mapFrame()).waitForFunction(
      (wanted) => {
        const shown = window.map?.incidentLayer?._answer?.incidents;
        return shown !== undefined && (!wanted || shown.some((i) => i.id === wanted));
      },
      { polling: 100 },
      id,
    );
  const sideways = () =>
    page.evaluate(() => {
      const [root, main] = [document.documentElement, document.querySelector('[data-testid="stMain"]')];
      return Math.max(root.scrollWidth - root.clientWidth, main.scrollWidth - main.clientWidth);
    });
  // Words that a box cuts off, in the parts of the page that have roots of their own as well.
  const cut = () =>
    page.evaluate(() => {
      const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
      return all(document)
        .filter((e) => e.checkVisibility() && e.innerText?.trim() && !e.querySelector("*:not(span):not(p)"))
        .filter((e) => {
          const style = getComputedStyle(e);
          return style.overflowX === "hidden" && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1;
        })
        .map((e) => e.innerText.trim().slice(0, 60));
    });
  const picture = (name) => page.screenshot({ path: `${folder}/firefox-${width}-${scheme}-${name}.png` });

  await page.waitForSelector('[data-figure="incidents"]');
  await drawn();
  await settled();
  seen.everything = await incidents();
  seen.sideways = await sideways();
  seen.cut = await cut();
  await picture("first");

  // A filter.
  const phone = Number(width) < 700;
  if (phone) {
    await press('[data-testid="stExpandSidebarButton"]');
    await page.waitForFunction(() => document.querySelector('[data-testid="stSidebar"]').getBoundingClientRect().left === 0);
  }
  await press('>>> input[type="checkbox"][value="iskp"]');
  await waitForParam("group");
  await settled();
  seen.group = param("group");
  if (phone) {
    await page.hover('[data-testid="stSidebar"]');
    await press('[data-testid="stSidebarCollapseButton"] button');
    await page.waitForFunction(() => document.querySelector('[data-testid="stSidebar"]').getBoundingClientRect().right <= 0);
  }
  await page.waitForFunction(
    (all) => document.querySelector('[data-figure="incidents"]').innerText !== all, {}, seen.everything,
  );
  seen.filtered = await incidents();
  await picture("filtered");

  // Playback moves the range of days.
  const words = async () => (await page.waitForSelector(">>> .range-words")).evaluate((e) => e.innerText);
  const before = await words();
  await press('>>> [aria-label="Play"]');
  await until(async () => (await words()) !== before);
  await press('>>> [aria-label="Pause"]');
  await settled();
  seen.played = (await words()) !== before;
  await press('>>> [aria-label^="Stop"]');
  await until(async () => (await words()) === before);
  await settled();

  // An incident by a click on the map, and who says so.
  await drawn(INCIDENT);
  const frame = await mapFrame();
  await (await frame.$(".leaflet-container")).scrollIntoView();
  const at = await frame.evaluate((id) => {
    const incident = map.incidentLayer._answer.incidents.find((i) => i.id === id);
    return map.latLngToContainerPoint([incident.lat, incident.lng]);
  }, INCIDENT);
  const surface = await (await frame.$(".leaflet-container")).boundingBox();
  await page.mouse.click(surface.x + at.x, surface.y + at.y);
  await page.waitForSelector(`article.panel-card[data-incident="${INCIDENT}"]`);
  await settled();
  seen.panel = await page.$eval("article.panel-card", (e) => e.innerText);
  seen.panelSideways = await sideways();
  seen.panelCut = await cut();
  await picture("panel");
  seen.link = page.url();

  // The link opens the same.
  await page.goto(seen.link, { waitUntil: "domcontentloaded", timeout: PATIENCE });
  await page.waitForSelector(`article.panel-card[data-incident="${INCIDENT}"]`);
  seen.again = await incidents();
} finally {
  console.log(JSON.stringify(seen));
  await browser.close();
}
