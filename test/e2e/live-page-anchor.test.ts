import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { PageRig } from "./live-page-rig";

const ROWS = 300;
/** What scrolling may be off by. */
const PIXELS = 2;
/** One by one a row goes through all places of a line and on to the next; then all at once. */
const COMING = [1, 1, 1, 1, 1, 1, 2, 3, ROWS];
const SIZES = { "a phone": { width: 360, height: 740 }, "a wide screen": { width: 1400, height: 900 } };

/** Runs in the page; text, since a compiler may add to functions what a page does not have. */
const WATCH = `
  var seen = { most: 0, moves: [] };
  var drawFrames = (count) => new Promise((resolve) => requestAnimationFrame(() => resolve(count > 1 ? drawFrames(count - 1) : undefined)));
  // An observer is told in each frame where a row is painted, whatever scripts do to the document in between.
  var watch = (row) => {
    let top;
    requestAnimationFrame(function frame() {
      new IntersectionObserver(([{ boundingClientRect }], observer) => {
        observer.disconnect();
        // Its block was out of sight until now: it is painted with the next frame.
        if (boundingClientRect.height === 0) return;
        top ??= boundingClientRect.top;
        const by = Math.abs(boundingClientRect.top - top);
        if (by > seen.most) seen.moves.push(seen.most = by);
      }).observe(row);
      requestAnimationFrame(frame);
    });
  };`;
const FOCUS = `
  const row = document.querySelectorAll(".row")[152];
  row.scrollIntoView({ block: "center" });
  row.querySelector(".pick").focus({ preventScroll: true });
  watch(row);`;
const SCROLL = `
  scrollTo({ top: document.documentElement.scrollHeight / 2, behavior: "instant" });
  requestAnimationFrame(() => {
    const top = Math.max(0, document.getElementById("tools").getBoundingClientRect().bottom);
    watch([...document.querySelectorAll(".row")].find((row) => row.getBoundingClientRect().top >= top));
  });`;
/** In pixels, of rows of which everything is there, and of those that have but a name and a button. */
const HEIGHTS = `
// Those in blocks out of sight have none otherwise.
for (const block of document.querySelectorAll(".block")) block.style.contentVisibility = "visible";
drawFrames(3).then(() => {
  const rows = [...document.querySelectorAll(".row")];
  const heights = (some) => some.map((row) => Math.round(10 * row.getBoundingClientRect().height) / 10);
  return {
    built: heights(rows.filter((row) => row.children.length > 2)),
    others: heights(rows.filter((row) => row.children.length === 2)),
  };
})`;
const CHART_IS_IN_VIEW = `new Promise((resolve) => {
    new IntersectionObserver(([{ intersectionRatio }]) => resolve(intersectionRatio === 1)).observe(document.getElementById("chart"));
  })`;

(browserUnavailable ? describe.skip : describe)("What is looked at in the live page", function () {
  this.timeout(60_000);
  let launched: LaunchedBrowser;
  let rig: PageRig;

  const publish = (prefix: string, count: number): void => {
    for (let n = 0; n < count; n++) {
      // Lines of cards are of different heights.
      const name = n % 7 === 3 ? `${prefix}${n}${"-of-the-long-line".repeat(4)}` : `${prefix}${n}`;
      rig.server.publishPayload(name, { value: n, unit: "V" });
    }
  };
  const untilThere = (page: Page, rows: number): Promise<void> =>
    page
      .locator(".row")
      .nth(rows - 1)
      .waitFor({ state: "attached" });
  const open = async (viewport: { width: number; height: number }, form: string): Promise<Page> => {
    publish("plant/sensor", ROWS);
    const { page } = await rig.open("/", { viewport });
    await untilThere(page, ROWS);
    await page.getByLabel("Compact").setChecked(form !== "cards");
    await page.evaluate(WATCH);
    return page;
  };

  before(async () => {
    launched = await launchBrowser();
  });
  beforeEach(async () => {
    rig = await PageRig.start(launched);
  });
  after(() => launched?.close());
  afterEach(() => rig.close());

  for (const form of ["cards", "compact form"])
    for (const [screen, size] of Object.entries(SIZES))
      for (const [what, go] of Object.entries({ "the row with the focus": FOCUS, "the row at the top": SCROLL }))
        it(`stays in its place when others come before it: ${what}, as ${form}, on ${screen}`, async () => {
          const page = await open(size, form);
          await page.evaluate(`${go}; drawFrames(5)`);
          let rows = ROWS;
          for (const [turn, count] of COMING.entries()) {
            publish(`plant/a${turn}-`, count);
            rows += count;
            await untilThere(page, rows);
            // Blocks that come near take their real height with one of the next frames.
            await page.evaluate("drawFrames(5)");
          }
          const { most, moves } = await page.evaluate<{ most: number; moves: number[] }>("seen");
          assert.ok(most <= PIXELS, `it moved by ${moves.map(Math.round).join(", then ")} pixels`);
        });

  for (const form of ["cards", "compact form"])
    it(`is on a phone, as ${form}, as high before it is built as after`, async () => {
      for (let n = 0; n < ROWS; n++) rig.server.publishPayload(`plant/${n}`, { value: n, unit: "V" });
      const { page } = await rig.open("/", { viewport: SIZES["a phone"] });
      await untilThere(page, ROWS);
      await page.getByLabel("Compact").setChecked(form !== "cards");
      const { built, others } = await page.evaluate<{ built: number[]; others: number[] }>(`${WATCH} ${HEIGHTS}`);
      assert.ok(built.length > 0 && others.length > 0);
      assert.deepEqual([...new Set([...built, ...others])], [built[0]]);
    });

  it("stays in its place when the window gets another width", async () => {
    const page = await open(SIZES["a wide screen"], "cards");
    await page.evaluate(`${FOCUS}; drawFrames(5)`);
    await page.setViewportSize({ width: 700, height: 900 });
    await page.evaluate("drawFrames(5)");
    assert.ok((await page.evaluate<number>("seen.most")) <= PIXELS);
  });

  it("makes way for the chart that was asked for", async () => {
    const page = await open(SIZES["a wide screen"], "cards");
    await page.evaluate(`scrollTo({ top: 30, behavior: "instant" }); drawFrames(2)`);
    await page.locator(".pick").first().click();
    await page.evaluate("drawFrames(5)");
    assert.equal(await page.evaluate(CHART_IS_IN_VIEW), true);
  });
});
