import assert from "node:assert/strict";
import { Exposition } from "../../nodes/lib/metrics/exposition";
import { type Panel, readDashboard } from "../support/dashboard";
import { LISTENER_FIGURES, SERVER_FIGURES } from "../support/sample-figures";

const DASHBOARD = readDashboard();
const COLUMNS = 24;

describe("the dashboard for Grafana", () => {
  it("has what Grafana needs of panels, none of them over another", () => {
    const { panels } = DASHBOARD;
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    for (const { title, type, gridPos, targets } of panels) {
      assert.ok(title !== "" && ["stat", "timeseries"].includes(type), title);
      assert.ok(gridPos.x + gridPos.w <= COLUMNS, title);
      assert.ok(targets.length > 0, title);
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
    }
    for (const a of panels)
      for (const b of panels) if (a.id < b.id) assert.ok(!overlap(a, b), `${a.title}, ${b.title}`);
  });

  it("asks for metrics that there are, of the variables that it has", async () => {
    const page = await new Exposition().write(SERVER_FIGURES, [LISTENER_FIGURES], "text");
    const known = new Set(page.split("\n").map((line) => line.split(/[ {]/, 1)[0] ?? ""));
    const variables = new Set([...DASHBOARD.templating.list.map(({ name }) => name), "__rate_interval"]);
    for (const { expr } of DASHBOARD.panels.flatMap(({ targets }) => targets)) {
      for (const [name] of expr.matchAll(/sensorcast_\w+/g)) assert.ok(known.has(name), `${name} in ${expr}`);
      for (const [, name = ""] of expr.matchAll(/\$(\w+)/g)) assert.ok(variables.has(name), `$${name} in ${expr}`);
    }
  });
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
