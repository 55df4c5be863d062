import assert from "node:assert/strict";
import { RowOrder } from "../../../../nodes/lib/client/page/row-order";
import { Signal } from "../../../../nodes/lib/client/page/signal";

interface Row {
  readonly signal: Signal;
}

const rowOf = (topic: string, field = ""): Row => ({ signal: new Signal(topic, field, 1) });
const labels = (order: RowOrder<Row>): string[] => order.rows().map(({ signal }) => signal.label);

function ordered(...topics: string[]): string[] {
  const order = new RowOrder<Row>();
  for (const topic of topics) order.add(rowOf(topic));
  return labels(order);
}

describe("order of rows", () => {
  it("counts as people do", () => {
    assert.deepEqual(ordered("sensor10", "sensor9", "Sensor1"), ["Sensor1", "sensor9", "sensor10"]);
  });

  it("keeps topics of one level together, before those below", () => {
    assert.deepEqual(ordered("b/x", "a/b/c", "a", "a/c", "a/b", "b/x/y"), ["a", "a/b", "a/c", "a/b/c", "b/x", "b/x/y"]);
  });

  it("does not mix what is below names that read the same", () => {
    assert.deepEqual(ordered("1/c", "01/b", "1/a", "01/d"), ["01/b", "01/d", "1/a", "1/c"]);
  });

  it("puts fields behind their topic's own value", () => {
    const order = new RowOrder<Row>();
    for (const field of ["t10", "", "t9"]) order.add(rowOf("motor", field));
    assert.deepEqual(labels(order), ["motor", "motor › t9", "motor › t10"]);
  });

  it("takes in what comes later, wherever it belongs", () => {
    const order = new RowOrder<Row>();
    for (const topic of ["b", "d"]) order.add(rowOf(topic));
    assert.deepEqual(labels(order), ["b", "d"]);
    for (const topic of ["e", "c", "a"]) order.add(rowOf(topic));
    assert.deepEqual(labels(order), ["a", "b", "c", "d", "e"]);
  });

  it("leaves out what was removed, even before it had its place", () => {
    const order = new RowOrder<Row>();
    const [a, b, c] = ["a", "b", "c"].map((topic) => rowOf(topic)) as [Row, Row, Row];
    order.add(a);
    order.add(b);
    assert.deepEqual(labels(order), ["a", "b"]);
    order.add(c);
    order.remove(a);
    order.remove(c);
    assert.deepEqual(labels(order), ["b"]);
  });
});
