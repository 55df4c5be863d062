import assert from "node:assert/strict";
import type { JwtOptions } from "../../../nodes/lib/access/jwt-verifier";
import { denied, granted, hs256, JwtBench } from "../../support/jwt";

describe("claims of a JSON Web Token", () => {
  let bench: JwtBench;
  let now: number;
  const verifier = (options?: Partial<JwtOptions>) => bench.verifier(options);
  const claims = (changes?: object) => bench.claims(changes);

  beforeEach(() => {
    bench = new JwtBench();
    ({ now } = bench);
  });

  afterEach(() => bench.assertClean());

  it("grants the topics of a claim until the token expires", async () => {
    const { name, filters, expiresAt } = granted(await verifier().verdict(hs256(claims())));
    assert.deepEqual([name, filters], ["hall", ["plant/#", "weather"]]);
    assert.equal(expiresAt, (now + 60 + 5) * 1000);
  });

  describe("times", () => {
    it("tolerates a few seconds between clocks", async () => {
      granted(await verifier().verdict(hs256(claims({ exp: now - 4, nbf: now + 5 }))));
      await denied(verifier().verdict(hs256(claims({ exp: now - 5 }))), /has expired/);
      await denied(verifier().verdict(hs256(claims({ nbf: now + 6 }))), /is not valid yet \(nbf\)/);
    });

    it("wants an expiry unless it is told not to", async () => {
      await denied(verifier().verdict(hs256(claims({ exp: undefined }))), /has no valid expiry \(exp\)/);
      const { expiresAt } = granted(
        await verifier({ requireExpiry: false }).verdict(hs256(claims({ exp: undefined }))),
      );
      assert.equal(expiresAt, undefined);
    });

    it("denies times that are none", async () => {
      for (const exp of ["2030", "1e9", null, true, {}, [now + 60], 1e300]) {
        await denied(verifier().verdict(hs256(claims({ exp }))), /has no valid expiry|has expired/);
      }
      const infinite = hs256(`{"exp":1e999,"topics":["#"]}`);
      await denied(verifier().verdict(infinite), /has no valid expiry/);
      await denied(verifier().verdict(hs256(claims({ nbf: "soon" }))), /nbf/);
    });
  });

  it("checks issuer and audience when they are set", async () => {
    const verifies = verifier({ issuer: "https://id.example", audience: "sensorcast" });
    const iss = "https://id.example";
    granted(await verifies.verdict(hs256(claims({ iss, aud: "sensorcast" }))));
    granted(await verifies.verdict(hs256(claims({ iss, aud: ["other", "sensorcast"] }))));
    await denied(verifies.verdict(hs256(claims({ iss, aud: "other" }))), /another audience \(aud\)/);
    await denied(verifies.verdict(hs256(claims({ iss, aud: "sensorcast2" }))), /another audience/);
    await denied(verifies.verdict(hs256(claims({ iss }))), /another audience/);
    await denied(
      verifies.verdict(hs256(claims({ iss: `${iss}.evil.com`, aud: "sensorcast" }))),
      /another issuer \(iss\)/,
    );
    await denied(verifies.verdict(hs256(claims({ aud: "sensorcast" }))), /another issuer/);
  });

  describe("topics", () => {
    it("come as a list, or as one text with spaces between", async () => {
      const topics = async (value: unknown) =>
        granted(await verifier().verdict(hs256(claims({ topics: value })))).filters;
      assert.deepEqual(await topics("plant/#  weather"), ["plant/#", "weather"]);
      assert.deepEqual(await topics(["a b", "c", "c"]), ["a b", "c"]);
    });

    it("come from the claim that is configured", async () => {
      const verifies = verifier({ topicsClaim: "https://example.com/read" });
      const token = hs256(claims({ topics: ["#"], "https://example.com/read": ["a"] }));
      assert.deepEqual(granted(await verifies.verdict(token)).filters, ["a"]);
      await denied(verifies.verdict(hs256(claims())), /its claim "https:\/\/example.com\/read" must be a list/);
      await denied(verifier({ topicsClaim: "__proto__" }).verdict(hs256(claims())), /grants no topics/);
      await denied(verifier({ topicsClaim: "constructor" }).verdict(hs256(claims())), /grants no topics/);
    });

    it("give no access when they are missing or any is malformed", async () => {
      const many = Array.from({ length: 65 }, (_, n) => `t${n}`);
      for (const topics of [
        undefined,
        null,
        "",
        " ",
        [],
        [""],
        ["ok", "#/#"],
        ["a+"],
        [1],
        {},
        { 0: "#" },
        true,
        many,
      ]) {
        await denied(verifier().verdict(hs256(claims({ topics }))), /grants no topics/);
      }
      await denied(verifier().verdict(hs256(claims({ topics: ["x".repeat(1025)] }))), /grants no topics/);
    });
  });

  it("names a grant by its subject, as far as that can be shown", async () => {
    const name = async (sub: unknown) => granted(await verifier().verdict(hs256(claims({ sub })))).name;
    assert.equal(await name("a\u0000b\u001b[31m\u202ec"), "ab[31mc");
    assert.equal((await name("x".repeat(1000))).length, 64);
    assert.equal(await name(undefined), "JSON Web Token");
    assert.equal(await name({ toString: 1 }), "JSON Web Token");
  });
});
