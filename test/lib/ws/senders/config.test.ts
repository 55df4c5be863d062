import assert from "node:assert/strict";
import { serverConfig } from "../../../../nodes/ws-broadcast-server.config";

describe("the number of sender processes", () => {
  for (const senders of ["-1", "65", "abc", "1.5"]) {
    it(`is refused when it is ${senders}, with what is accepted`, () => {
      assert.throws(
        () => serverConfig({ senders }, () => undefined),
        (error: Error) =>
          /senders/.test(error.message) && /0 to 64/.test(error.message) && error.message.includes(senders),
      );
    });
  }

  it("is 0 unless it is set", () => {
    assert.equal(serverConfig({}, () => undefined).senders, 0);
    assert.equal(serverConfig({ senders: "64" }, () => undefined).senders, 64);
  });
});
