import assert from "node:assert/strict";
import { MessageIds } from "../../../nodes/lib/udp/message-ids";

describe("message ids", () => {
  it("look like Node-RED's and differ, within one node and between two", () => {
    const [one, other] = [new MessageIds(), new MessageIds()];
    const ids = Array.from({ length: 1000 }, () => [one.next(), other.next()]).flat();
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[\da-f]{16}$/);
  });
});
