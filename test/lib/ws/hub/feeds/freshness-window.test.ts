import assert from "node:assert/strict";
import { FreshnessWindow, markPing } from "../../../../../nodes/lib/ws/hub/feeds/freshness-window";
import { FakeClock } from "../../../../support/fake-clock";
import { parseFrames } from "../../../../support/fake-frame-sink";

const MAX_AGE_MS = 1000;

describe("freshness window", () => {
  let clock: FakeClock;
  let window: FreshnessWindow;
  let mark: number;

  beforeEach(() => {
    clock = new FakeClock();
    window = new FreshnessWindow(MAX_AGE_MS, clock);
    mark = 0;
  });

  function write(bytes: number): Buffer {
    window.wrote(bytes, ++mark);
    return parseFrames(markPing(mark))[0]?.payload as Buffer;
  }

  it("has no room while as much as it holds is on its way", () => {
    const ping = write(window.size);
    assert.equal(window.room, 0);
    assert.equal(window.pong(ping), true);
    assert.equal(window.room, window.size);
  });

  it("takes a pong as the answer to everything before it", () => {
    write(1000);
    const second = write(1000);
    const third = write(1000);
    window.pong(second);
    assert.equal(window.isEmpty, false);
    window.pong(third);
    assert.equal(window.isEmpty, true);
  });

  it("wants a mark now and then, and counts what was written without one", () => {
    window.pong(write(100));
    assert.equal(window.wantsMark(100), false);
    assert.equal(window.wantsMark(window.size / 8), true);
    window.wroteUnmarked(1000);
    assert.equal(window.room, window.size - 1000);
    const ping = write(100);
    assert.equal(window.room, window.size - 1100);
    window.pong(ping);
    assert.equal(window.room, window.size);
    clock.advance(MAX_AGE_MS / 10);
    assert.equal(window.wantsMark(1), true);
  });

  it("ignores pongs that answer no write", () => {
    const ping = write(1000);
    for (const data of [Buffer.alloc(0), Buffer.from("12345678"), parseFrames(markPing(99))[0]?.payload as Buffer]) {
      assert.equal(window.pong(data), false);
    }
    assert.equal(window.pong(ping), true);
    assert.equal(window.pong(ping), false);
  });

  it("shrinks in proportion to a delay over half of the allowed age, once per window", () => {
    const size = window.size;
    const pings = [write(size / 2), write(size / 2)];
    clock.advance(MAX_AGE_MS);
    for (const ping of pings) window.pong(ping);
    assert.equal(window.size, size / 2);
  });

  it("settles where a reader of any speed is at most half of the allowed age behind", () => {
    for (const bytesPerMs of [5, 20, 100, 400]) {
      window = new FreshnessWindow(MAX_AGE_MS, clock);
      let longest = 0;
      for (let round = 0; round < 300; round++) {
        const bytes = Math.max(1, window.room);
        const ping = write(bytes);
        const delay = bytes / bytesPerMs;
        clock.advance(delay);
        window.pong(ping);
        if (round > 50) longest = Math.max(longest, delay);
      }
      assert.ok(longest <= MAX_AGE_MS / 2, `${bytesPerMs} KB/s: ${longest} ms`);
    }
  });

  it("does not grow for a client that needs no more", () => {
    const size = window.size;
    for (let i = 0; i < 100; i++) window.pong(write(10));
    assert.equal(window.size, size);
  });
});
