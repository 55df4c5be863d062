import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { PageRig } from "./live-page-rig";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const ROWS = 300;
/** What scrolling may be off by. */
const PIXELS = 2;
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

const pickOf = (page: Page, name: string) =>
  page.getByRole("button", { name: `Show ${name} in the chart`, exact: true });

(browserUnavailable ? describe.skip : describe)("Rows of the live page", function () {
  this.timeout(60_000);
  let launched: LaunchedBrowser;
  let rig: PageRig;

  const publish = (prefix: string): void => {
    for (let n = 0; n < ROWS; n++) rig.server.publishPayload(`${prefix}${n}`, { value: n, unit: "V" });
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
    it(`say what they are from the start, and the rest when they are scrolled to, as ${form}`, async () => {
      publish("plant/sensor");
      const { page, errors } = await rig.open();
      await page
        .locator(".row")
        .nth(ROWS - 1)
        .waitFor({ state: "attached" });
      await page.getByLabel("Compact").setChecked(form !== "cards");
      const last = page.locator(".row").last();
      assert.deepEqual(
        [await last.locator(".name").textContent(), await last.locator(".value").count()],
        [`plant/sensor${ROWS - 1}`, 0],
      );
      await last.scrollIntoViewIfNeeded();
      await last.getByText(String(ROWS - 1), { exact: true }).waitFor();
      rig.server.publishPayload(`plant/sensor${ROWS - 1}`, { value: -7, unit: "V" });
      await last.getByText("-7", { exact: true }).waitFor();
      assert.deepEqual(errors, []);
    });

  it("stay where they are, with the focus, when others come before them, in compact form", async () => {
    publish("plant/sensor");
    const { page } = await rig.open();
    await page.getByText(`${ROWS} topics`).waitFor();
    await page.locator(".is-compact .row").first().waitFor();
    const pick = pickOf(page, "plant/sensor150");
    await pick.scrollIntoViewIfNeeded();
    await pick.focus();
    await page.locator(".row", { has: pick }).locator(".value").waitFor();
    const before = await pick.boundingBox();
    publish("plant/a");
    await page.getByText(`${2 * ROWS} topics`).waitFor();
    await page
      .locator(".row")
      .nth(2 * ROWS - 1)
      .waitFor({ state: "attached" });
    // Blocks that come near take their real height with the next frame.
    await page.evaluate(`new Promise((resolve) => requestAnimationFrame(function frame() {
        const { top } = document.activeElement.getBoundingClientRect();
        if (Math.abs(top - ${before?.y}) <= ${PIXELS}) resolve();
        else requestAnimationFrame(frame);
      }))`);
    assert.equal(await page.locator(":focus").getAttribute("aria-label"), "Show plant/sensor150 in the chart");
  });

  it("show hostile names as text that stays within the page, and passes for nothing else", async () => {
    const html = "<img src=x onerror=\"document.title='ran'\">";
    const shown = {
      [html]: html,
      "line\nbreak": "line\ufffdbreak",
      "\u202egpj.exe": "\ufffdgpj.exe",
      ["x".repeat(5000)]: `${"x".repeat(119)}…`,
      "": "(no topic)",
    };
    for (const topic of Object.keys(shown)) rig.server.publishPayload(topic, { value: 1, unit: topic });
    for (let n = 0; n < 3; n++) rig.server.publishPayload(`${"deep/".repeat(100)}${html}${n}`, 1);
    const { page, errors } = await rig.open("/", PHONE);
    await page.getByText("8 topics").waitFor();
    for (const name of Object.values(shown)) {
      await page.getByRole("heading", { name, exact: true }).waitFor();
      await pickOf(page, name).click();
      await page.getByRole("button", { name: `Remove ${name} from the chart`, exact: true }).waitFor();
    }
    for (const isCompact of [false, true]) {
      await page.getByLabel("Compact").setChecked(isCompact);
      assert.equal(await page.evaluate(OVERFLOW), 0);
    }
    assert.deepEqual([await page.title(), await page.locator("#rows img").count()], ["Sensors", 0]);
    assert.deepEqual(errors, []);
  });
});
