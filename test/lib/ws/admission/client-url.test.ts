import assert from "node:assert/strict";
import { parseClientUrl } from "../../../../nodes/lib/ws/admission/client-url";
import type { Refusal } from "../../../../nodes/lib/ws/admission/refusal";

describe("client URL", () => {
  const defaults = { mode: "stream", replay: true } as const;
  const subscription = (url: string) => parseClientUrl(url, defaults);

  it("asks for everything, in the way of the server, when it has no query", () => {
    for (const url of ["/ws", "/ws/", "/ws?", "/ws?&"]) {
      assert.deepEqual(subscription(url), {
        filters: [],
        granted: undefined,
        mode: "stream",
        every: 0,
        envelope: undefined,
        batch: false,
        since: undefined,
        replay: true,
        history: undefined,
      });
    }
  });

  it("reads every parameter", () => {
    const url =
      "/ws?topic=plant/%2B/temp&topic=weather/%23&mode=latest&every=250&envelope=1&batch=json&since=k3-x.42&history=5m&token=s%26t";
    assert.deepEqual(subscription(url), {
      filters: ["plant/+/temp", "weather/#"],
      granted: undefined,
      mode: "latest",
      every: 250,
      envelope: true,
      batch: true,
      since: { epoch: "k3-x", seq: 42 },
      replay: true,
      history: { seconds: 300 },
    });
  });

  it("ignores parameters that begin with _, as those that are there against caches", () => {
    assert.equal(subscription("/ws?_=1700000000&_cache=%zz&_&mode=latest&_=2&__proto__=1").mode, "latest");
  });

  it("counts the same filter once", () => {
    assert.deepEqual(subscription("/ws?topic=a&topic=a&topic=b").filters, ["a", "b"]);
  });

  it("reads + as a space, but a level that is only + as the wildcard", () => {
    assert.deepEqual(subscription("/ws?topic=living+room/temp").filters, ["living room/temp"]);
    assert.deepEqual(subscription("/ws?topic=plant/+/temp&topic=+/+").filters, ["plant/+/temp", "+/+"]);
  });

  const refused: readonly [query: string, says: RegExp][] = [
    ["colour=red", /unknown parameter "colour".*topic, mode, every/],
    ["constructor=1", /unknown parameter "constructor"/],
    ["mode=fast", /mode must be stream or latest, not "fast"/],
    ["mode", /mode must be/],
    ["mode=latest&mode=stream", /mode may be given only once/],
    ["history=0", /history must be .* such as 500, 60s/],
    ["history=1d", /history must be/],
    ["history=-5", /history must be/],
    ["history=1000001", /from 1 to 1000000/],
    ["every=-1", /every must be a whole number/],
    ["every=1.5", /every must be/],
    ["every=1e3", /every must be/],
    ["every=86400001", /from 0 to 86400000/],
    ["every=", /every must be/],
    ["envelope=true", /envelope must be 0 or 1/],
    ["batch=1", /batch must be json/],
    ["since=42", /since must be EPOCH.SEQ/],
    ["since=a.b", /since must be/],
    ["since=a.9999999999999999", /since must be/],
    ["topic=", /topic filter/],
    ["topic=a/%23/b", /topic filter "a\/#\/b" is not valid/],
    ["topic=%zz", /malformed percent-encoding/],
    ["topic=%ff", /malformed percent-encoding/],
    [`topic=${"a".repeat(1025)}`, /at most 1024 bytes/],
    [Array.from({ length: 65 }, (_, n) => `topic=${n}`).join("&"), /at most 64 times/],
  ];
  for (const [query, says] of refused) {
    it(`refuses ${query.slice(0, 40)}`, () => {
      assert.throws(
        () => subscription(`/ws?${query}`),
        (error: Refusal) => error.status === 400 && says.test(error.message),
      );
    });
  }
});
