import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { HandleRequest } from "../../nodes/lib/ws/endpoint/http-handler";
import { until } from "../support/until";
import { browserUnavailable, type LaunchedBrowser, launchBrowser } from "./browser";
import { BUILT_ASSETS, PageRig } from "./live-page-rig";

const OWN_PAGE = `<!doctype html><html lang="en"><meta name="color-scheme" content="light dark"><title>Own page</title>
<script type="module" src="elements.js"></script>
<h1><sensor-value topic="boiler" label="Boiler"></sensor-value></h1>
<sensor-value topic="motor" field="oil.ok"></sensor-value>
<sensor-chart topics="plant/+/temperature" history="5m"></sensor-chart>
<sensor-table topics="plant/#, hostile/#"></sensor-table>
<sensor-value></sensor-value>`;
const HOSTILE = "<img src=x onerror=alert(1)>";

const withOwnPage: HandleRequest = (request, response, path) => {
  if (path !== "/own.html") return BUILT_ASSETS(request, response, path);
  const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
  response.writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": policy });
  response.end(OWN_PAGE);
  return true;
};

(browserUnavailable ? describe.skip : describe)("Elements in a page of one's own", function () {
  this.timeout(60_000);
  let launched: LaunchedBrowser;
  let rig: PageRig;
  let page: Page;
  let errors: string[];

  before(async () => {
    launched = await launchBrowser();
    rig = await PageRig.start(launched, {
      assets: withOwnPage,
      settings: { historyReadings: 500, historyBytes: 1024 * 1024 },
    });
    const { server } = rig;
    const start = Date.now() - 120_000;
    for (let n = 0; n < 100; n++) {
      // An outage in the middle.
      if (n > 40 && n < 60) continue;
      server.publishPayload("plant/2/temperature", { value: 20 + Math.sin(n / 8), unit: "°C" }, start + n * 1000);
      server.publishPayload("plant/10/temperature", { value: 22 + Math.cos(n / 8), unit: "°C" }, start + n * 1000);
    }
    server.publishPayload("boiler", { sensor: "boiler", value: 68.5, unit: "°C" });
    server.publishPayload("motor", { oil: { ok: true }, rpm: 1500 });
    server.publishPayload("hostile/a", { [HOSTILE]: HOSTILE });
    ({ page, errors } = await rig.open("/own.html"));
    await page.locator("sensor-table").getByText("hostile/a").waitFor();
  });
  after(async () => {
    await rig?.close();
    await launched?.close();
  });

  it("show a value with its unit, or a field", async () => {
    await page.locator("h1").getByText("68.5", { exact: true }).waitFor();
    await page.locator("h1").getByText("°C", { exact: true }).waitFor();
    await page.locator("sensor-value[topic=motor]").getByText("true", { exact: true }).waitFor();
  });

  it("have a name, and say their value to who does not see it", async () => {
    await page.getByRole("group", { name: "Boiler" }).waitFor();
    const spoken = page.locator("h1 [aria-live]");
    await spoken.getByText("Boiler: 68.5 °C").waitFor({ state: "attached" });
  });

  it("open a chart full, with what was before", async () => {
    const legend = page.locator("sensor-chart li");
    await legend.nth(1).waitFor();
    assert.match(await legend.nth(0).innerText(), /^plant\/2\/temperature.* °C \(19.* to 2[01].*\)$/s);
    const painted = await page.locator("sensor-chart canvas").evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return data.filter((_, index) => index % 4 === 3).filter((alpha) => alpha === 255).length;
    });
    assert.ok(painted > 500, `${painted} points of the canvas are painted`);
    await page.screenshot({ path: join(__dirname, "screenshots", "elements.png") });
  });

  it("list topics in natural order, as text", async () => {
    const topics = await page.locator("sensor-table tbody td:first-child").allInnerTexts();
    assert.deepEqual(topics, [`hostile/a › ${HOSTILE}`, "plant/2/temperature", "plant/10/temperature"]);
    const [first] = await page.locator("sensor-table tbody td:nth-child(2)").allInnerTexts();
    assert.equal(first, HOSTILE);
  });

  it("share a connection, as far as they want the same, and close it when they go", async () => {
    assert.equal(rig.server.broadcast.clientCount, 2);
    await page.evaluate("document.querySelector('sensor-chart').remove()");
    await until(() => rig.server.broadcast.clientCount === 1, "the connection of the chart is still there");
    rig.server.publishPayload("boiler", { value: 70, unit: "°C" });
    await page.locator("h1").getByText("70.0", { exact: true }).waitFor();
  });

  it("take their attributes as frameworks give them: as those of any element, and also later", async () => {
    const own = await page.evaluate(
      (names) => {
        const chart = document.createElement("sensor-chart");
        // Vue sets a property where there is one of that name.
        return names.filter((name) => name in chart);
      },
      ["url", "token", "topic", "topics", "history", "label", "field"],
    );
    assert.deepEqual(own, []);
    await page.evaluate(() => {
      const value = document.createElement("sensor-value");
      document.body.append(value);
      value.setAttribute("topic", "motor");
      value.setAttribute("field", "rpm");
    });
    await page.locator("sensor-value[field=rpm]").getByText("1,500", { exact: true }).waitFor();
  });

  it("say what is wrong", async () => {
    await page.locator("sensor-value:not([topic])").getByText("no topic is given").waitFor();
    assert.deepEqual(errors, []);
  });
});
