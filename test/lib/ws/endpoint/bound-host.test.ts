import assert from "node:assert/strict";
import { inEnglish } from "../../../../nodes/lib/text/sentence";
import { boundHost, exposureWarning } from "../../../../nodes/lib/ws/endpoint/bound-host";

const open = { host: "", needsToken: false, allow: [] };

describe("bound host", () => {
  it("is this machine alone unless something restricts the clients or an address is set", () => {
    assert.equal(boundHost(open), "127.0.0.1");
    assert.equal(boundHost({ ...open, needsToken: true }), "");
    assert.equal(boundHost({ ...open, allow: ["10.0.0.0/8"] }), "");
    assert.equal(boundHost({ ...open, host: "0.0.0.0" }), "0.0.0.0");
  });

  const cases: readonly [what: string, changes: object, says: RegExp | undefined][] = [
    ["nothing", {}, undefined],
    ["another address of this machine alone", { host: "::1" }, undefined],
    ["all addresses", { host: "0.0.0.0" }, /^port 8080 is open on all addresses.*: everybody who can reach it/],
    ["one address", { host: "192.0.2.1" }, /is open on 192.0.2.1: everybody/],
    ["a list of addresses", { allow: ["10.0.0.0/8"] }, /everybody at 10.0.0.0\/8 can read every topic/],
    ["all addresses with TLS", { host: "::", isTls: true }, /without a token$/],
    ["tokens", { needsToken: true }, /without TLS: tokens and readings can be read on their way/],
    ["tokens and TLS", { needsToken: true, isTls: true }, undefined],
  ];
  for (const [what, changes, says] of cases) {
    it(`${says === undefined ? "is nothing to warn of" : "is warned of"} with ${what}`, () => {
      const warning = exposureWarning({ ...open, port: 8080, isTls: false, ...changes });
      if (says === undefined) assert.equal(warning, undefined);
      else assert.match(warning === undefined ? "" : inEnglish(warning), says);
    });
  }
});
