import assert from "node:assert/strict";
import { BlockPlan } from "../../../../nodes/lib/client/page/block-plan";

const MAX_ROWS = 60;

/** @param groups how many rows are under each heading; the first are under none */
function planOf(first: number, ...groups: number[]): BlockPlan<string> {
  const plan = new BlockPlan<string>();
  const addRows = (count: number): void => {
    for (let n = 0; n < count; n++) plan.addRow("row");
  };
  addRows(first);
  for (const rows of groups) {
    plan.addHeading("heading");
    addRows(rows);
  }
  return plan;
}
const sizes = ({ blocks }: BlockPlan<string>): number[] => blocks.map(({ length }) => length);

describe("plan of blocks", () => {
  it("has no block for nothing", () => {
    assert.deepEqual(planOf(0).blocks, []);
  });

  it("breaks after whole lines, however many columns there are", () => {
    assert.deepEqual(sizes(planOf(150)), [MAX_ROWS, MAX_ROWS, 30]);
    for (let columns = 1; columns <= 6; columns++) assert.equal(MAX_ROWS % columns, 0);
  });

  it("begins at a heading once there are enough rows, and keeps small groups together", () => {
    assert.deepEqual(sizes(planOf(0, 20, 20, 20, 2)), [42, 24]);
    assert.deepEqual(
      planOf(0, 20, 20, 20).blocks.map(([first]) => first),
      ["heading", "heading"],
    );
  });

  it("counts lines anew from a heading on", () => {
    assert.deepEqual(sizes(planOf(29, 60, 1)), [90, 2]);
  });
});
