import assert from "node:assert/strict";
import { Hub } from "../../../../nodes/lib/ws/hub/hub";
import type { Subscription } from "../../../../nodes/lib/ws/hub/subscription";
import { FakeClock } from "../../../support/fake-clock";
import type { Frame } from "../../../support/fake-frame-sink";
import { SlowLink } from "../../../support/slow-link";

const MAX_AGE_MS = 1000;
const TOPICS = 50;
const FEED_BYTES_PER_SECOND = 1_000_000;
const READING_BYTES = 200;
const STEP_MS = 10;
const SETTLING_MS = 6000;
const MEASURED_MS = 15_000;
const READER_BYTES_PER_SECOND = [5_000, 20_000, 100_000, 400_000];
/** As much as Linux lets a socket grow to. */
const BUFFER_BYTES = 4 * 2 ** 20;
const PADDING = "x".repeat(READING_BYTES - 60);
const TEXT = 1;
const PING = 9;

/** A client behind a slow network, which answers pings and notes how old what it reads is. */
class SlowReader {
  oldestMs = 0;
  lastMs = 0;
  readonly topics = new Set<number>();
  readonly #link: SlowLink;
  readonly #answer: (data: Buffer) => void;

  constructor(
    hub: Hub,
    private readonly clock: FakeClock,
    { bytesPerSecond, mode }: { bytesPerSecond: number; mode: Subscription["mode"] },
  ) {
    const received = (frame: Frame): void => this.#read(frame);
    this.#link = new SlowLink({ clock, bytesPerSecond, bufferBytes: BUFFER_BYTES, received });
    const client = hub.join(this.#link, {
      filters: [],
      granted: undefined,
      mode,
      every: 0,
      envelope: undefined,
      since: undefined,
      replay: true,
    });
    this.#answer = (data) => hub.pong(client, data);
  }

  pass(): void {
    this.#link.pass();
  }

  forget(): void {
    this.oldestMs = 0;
    this.topics.clear();
  }

  #read({ opcode, payload }: Frame): void {
    if (opcode === PING) this.#answer(payload);
    if (opcode !== TEXT) return;
    const { topic, sentAt } = JSON.parse(payload.toString()) as { topic: number; sentAt: number };
    this.lastMs = this.clock.now() - sentAt;
    this.oldestMs = Math.max(this.oldestMs, this.lastMs);
    this.topics.add(topic);
  }
}

describe("freshness behind a slow network", () => {
  let clock: FakeClock;
  let hub: Hub;
  let published: number;

  beforeEach(() => {
    clock = new FakeClock();
    published = 0;
    hub = new Hub({
      slow: "skip",
      maxAge: MAX_AGE_MS,
      logBytes: 8 * 2 ** 20,
      clock,
      onError: assert.ifError,
    });
  });
  afterEach(() => hub.close());

  /** In order of topic, so that the period of the feed lines up with the drain of the readers again and again. */
  function feed(readers: readonly SlowReader[], durationMs: number): void {
    const readingsAStep = (FEED_BYTES_PER_SECOND / READING_BYTES / 1000) * STEP_MS;
    for (let passedMs = 0; passedMs < durationMs; passedMs += STEP_MS) {
      for (let i = 0; i < readingsAStep; i++) {
        const reading = { topic: published++ % TOPICS, sentAt: clock.now(), padding: PADDING };
        hub.publish(`t/${reading.topic}`, { kind: "json", body: JSON.stringify(reading) }, {});
      }
      clock.advance(STEP_MS);
      for (const reader of readers) reader.pass();
    }
  }

  for (const bytesPerSecond of READER_BYTES_PER_SECOND) {
    it(`shows a latest reader at ${bytesPerSecond} bytes/s every topic, and nothing older than the allowed age`, () => {
      const reader = new SlowReader(hub, clock, { bytesPerSecond, mode: "latest" });
      feed([reader], SETTLING_MS);
      reader.forget();
      feed([reader], MEASURED_MS);
      assert.ok(reader.oldestMs < MAX_AGE_MS, `a reading was ${Math.round(reader.oldestMs)} ms old`);
      assert.equal(reader.topics.size, TOPICS);
    });
  }

  it("leaves a stream reader with an ever older backlog", () => {
    const reader = new SlowReader(hub, clock, { bytesPerSecond: 5000, mode: "stream" });
    feed([reader], SETTLING_MS + MEASURED_MS);
    assert.ok(reader.lastMs > 0.9 * (SETTLING_MS + MEASURED_MS), `the backlog is only ${reader.lastMs} ms old`);
  });
});
