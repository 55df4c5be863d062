import assert from "node:assert/strict";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { PageRig } from "./live-page-rig";

const TOPICS = 500;
const PERIOD_MS = 100;

(browserUnavailable ? describe.skip : describe)("The live page under load", function () {
  this.timeout(60_000);
  let launched: LaunchedBrowser;
  let rig: PageRig;

  before(async () => {
    launched = await launchBrowser();
    rig = await PageRig.start(launched);
  });
  after(async () => {
    await rig?.close();
    await launched?.close();
  });

  it(`answers its user while ${TOPICS} topics send ten times a second each`, async () => {
    const { page, errors } = await rig.open();
    let pass = 0;
    const sending = setInterval(() => {
      pass++;
      for (let n = 0; n < TOPICS; n++)
        rig.server.publishPayload(`plant/line${n % 20}/sensor${n}`, { value: pass, unit: "°C" });
    }, PERIOD_MS);
    try {
      await page.getByText(`${TOPICS} topics`).waitFor();
      await page.locator(".is-compact .row").first().waitFor();
      await page.getByLabel("Compact").uncheck();
      await page.getByLabel("Filter by topic").fill("sensor49");
      assert.equal(await page.locator(".row").count(), 11);
      await page.locator(".pick").first().click();
      await page.locator("#legend li").waitFor();
      const [client] = rig.server.broadcast.clients();
      assert.equal(client?.dropped, 0);
    } finally {
      clearInterval(sending);
    }
    assert.deepEqual(errors, []);
  });
});
