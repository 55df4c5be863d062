import assert from "node:assert/strict";
import { constants, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import {
  createDeflater,
  type Deflater,
  DictionaryDeflater,
  StreamDeflater,
  streamsWork,
} from "../../../../../nodes/lib/ws/hub/compression/deflater";

const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

const message = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
  fc.nat(100_000).map((value) => Buffer.from(JSON.stringify({ sensor: "t", value, unit: "°C" }))),
  fc.constant(Buffer.alloc(200_000, "abc")),
);

/** As a client does it that has no larger a window than it agreed to. */
function inflated(compressed: readonly Buffer[]): Buffer {
  return inflateRawSync(Buffer.concat(compressed), { windowBits: 12, finishFlush: constants.Z_SYNC_FLUSH });
}

for (const [name, create] of [
  ["a stream of zlib", () => new StreamDeflater()],
  ["dictionaries", () => new DictionaryDeflater()],
] as const) {
  describe(`compression by ${name}`, () => {
    let deflater: Deflater;

    beforeEach(() => {
      deflater = create();
    });

    afterEach(() => deflater.close());

    it("gives back every message, also those that do not shrink", function () {
      this.timeout(20_000);
      fc.assert(
        fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
          deflater.reset();
          const compressed = messages.map((each) => Buffer.concat([deflater.deflate(each), TAIL]));
          assert.ok(inflated(compressed).equals(Buffer.concat(messages)));
        }),
        { numRuns: 50 },
      );
    });

    it("makes a message short that is like the ones before, until it begins anew", () => {
      const reading = Buffer.from(
        JSON.stringify({ sensor: "temperature", value: 21.5, unit: "C", time: 1764025681000 }),
      );
      const first = deflater.deflate(reading).length;
      assert.ok(deflater.deflate(reading).length < first / 4);
      deflater.reset();
      const anew = Buffer.concat([deflater.deflate(reading), TAIL]);
      assert.equal(anew.length, first + TAIL.length);
      assert.ok(inflated([anew]).equals(reading));
    });

    it("passes the test that decides whether it is used", () => assert.ok(streamsWork(create)));
  });
}

describe("the choice of a way to compress", () => {
  it("is a stream, on a Node that has what it takes", () => {
    const deflater = createDeflater();
    assert.ok(deflater instanceof StreamDeflater);
    deflater.close();
  });

  it("is not one that fails, or does something else", () => {
    const broken = (deflate: Deflater["deflate"]) => () => ({ deflate, reset() {}, close() {} });
    assert.ok(!streamsWork(broken((plain) => plain)));
    assert.ok(!streamsWork(broken(() => assert.fail("there is no such handle"))));
    const forgetful = new DictionaryDeflater();
    assert.ok(
      !streamsWork(
        broken((plain) => {
          forgetful.reset();
          return forgetful.deflate(plain);
        }),
      ),
    );
  });
});
