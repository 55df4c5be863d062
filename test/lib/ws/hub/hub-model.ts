import assert from "node:assert/strict";
import { matchesAny } from "../../../../nodes/lib/mqtt/topic-filter";
import { Hub } from "../../../../nodes/lib/ws/hub/hub";
import type { HubClient } from "../../../../nodes/lib/ws/hub/hub-client";
import { encodePayload } from "../../../../nodes/lib/ws/hub/payload";
import type { Subscription } from "../../../../nodes/lib/ws/hub/subscription";
import { FakeClock } from "../../../support/fake-clock";
import { FakeFrameSink } from "../../../support/fake-frame-sink";

export const TOPICS = ["a", "a/b", "a/c", "b", "b/c", "$sys", ...Array.from({ length: 40 }, (_, i) => `many/${i}`)];
export const GRANTS = [undefined, undefined, ["#"], ["a/#"], ["b", "$sys"], []];
export const FILTERS = [
  ...[[], ["#"], ["a/+"], ["a/#"], ["b", "a/b"], ["+/c"], ["$sys"], ["none"], ["many/+"]],
  ...Array.from({ length: 12 }, (_, i) => ["a", `many/${i}`, `many/${i + 20}`]),
];

/** What the hub keeps of each topic for clients that ask for it. */
const HISTORY_READINGS = 5;

/** A client with what the test knows of it, from the outside. */
interface Tracked {
  readonly client: HubClient;
  readonly sink: FakeFrameSink;
  /** Readings that match its filters, published since it joined, or since the one that it asked to go on with. */
  readonly candidates: { topic: string; seq: number }[];
  /** Readings from before it joined that it may get at all. */
  readonly earlier: ReadonlySet<number>;
}

/** Readings that it is to get. */
function dueOf({ client, candidates }: Tracked): { topic: string; seq: number }[] {
  return candidates.filter(({ seq }) => seq >= client.joined.seq);
}

/** What may happen to a hub. */
export type Step =
  | { do: "publish"; topic: number; bytes: number; times: number }
  | {
      do: "join";
      filters: number;
      grant: number;
      mode: "stream" | "latest";
      every: number;
      replay: boolean;
      back: number | null;
      history: number | null;
      inflates: boolean;
    }
  | { do: "stall" | "drain" | "pong" | "leave"; client: number }
  | { do: "forget"; topic: number }
  | { do: "wait"; ms: number };

/** A hub beside a model of it, which knows what each client is to get. */
export class HubModel {
  readonly clock = new FakeClock();
  readonly hub: Hub;
  readonly clients: Tracked[] = [];
  readonly gone: HubClient[] = [];
  readonly newest = new Map<string, number>();
  readonly published: { topic: string; seq: number }[] = [];

  constructor(logBytes: number, maxTopics: number) {
    this.hub = new Hub({
      maxTopics,
      slow: "skip",
      maxAge: 1000,
      logBytes,
      clock: this.clock,
      onError: assert.ifError,
      history: { readings: HISTORY_READINGS, seconds: 0, bytes: 64 * 1024 * 1024 },
    });
  }

  perform(next: Step): void {
    if (next.do === "publish") this.publish(next);
    else if (next.do === "join") this.join(next);
    else if (next.do === "wait") this.clock.advance(next.ms);
    else if (next.do === "forget") this.forget(TOPICS[next.topic] as string);
    else {
      const tracked = this.clients[next.client % Math.max(1, this.clients.length)];
      if (tracked !== undefined) this.act(next.do, tracked);
    }
  }

  publish({ topic, bytes, times }: { topic: number; bytes: number; times: number }): void {
    const name = TOPICS[topic] as string;
    for (let i = 0; i < times; i++) {
      // The payload is the sequence number it gets, padded: what a client received tells what it was sent.
      const expected = this.published.length + 1;
      const seq = this.hub.publish(name, encodePayload(`${expected} ${"x".repeat(bytes)}`));
      assert.equal(seq, expected);
      this.published.push({ topic: name, seq });
      this.newest.set(name, seq);
      for (const { client, candidates } of this.clients) {
        if (wants(client, name)) candidates.push({ topic: name, seq });
      }
    }
  }

  join({ filters, grant, mode, every, replay, back, history, inflates }: Extract<Step, { do: "join" }>): void {
    const head = this.published.length;
    const since = back === null ? undefined : { epoch: this.hub.epoch, seq: Math.max(0, head - back) };
    const subscription: Subscription = {
      filters: FILTERS[filters] as string[],
      granted: GRANTS[grant],
      mode,
      every,
      envelope: false,
      since,
      replay,
      history: history === null ? undefined : { readings: history },
    };
    const sink = new FakeFrameSink();
    sink.inflates = inflates;
    const client = this.hub.join(sink, subscription);
    const from = since === undefined ? head + 1 : since.seq + 1;
    const candidates = this.published.filter(({ seq, topic }) => seq >= from && wants(client, topic));
    this.clients.push({ client, sink, candidates, earlier: this.earlierFor(subscription, client) });
  }

  /** The newest reading of each topic, or so many as the client asks for and the hub keeps. */
  earlierFor({ history }: Subscription, client: HubClient): Set<number> {
    const readings =
      history === undefined ? 1 : Math.min(HISTORY_READINGS, "readings" in history ? history.readings : 0);
    const wanted = TOPICS.filter((name) => wants(client, name));
    const newest = wanted.map((name) => this.published.filter(({ topic }) => topic === name).slice(-readings));
    return new Set(newest.flat().map(({ seq }) => seq));
  }

  /** From then on the newest reading of the topic need not be sent to who gets readings by topic. */
  forget(topic: string): void {
    const isKnown = this.newest.delete(topic);
    const isForgotten = this.hub.forget(topic);
    assert.ok(isForgotten === isKnown || this.hub.counts().topicsEvicted > 0);
  }

  act(what: "stall" | "drain" | "pong" | "leave", tracked: Tracked): void {
    const { client, sink } = tracked;
    if (what === "stall") sink.isStalled = true;
    else if (what === "drain") {
      sink.isStalled = false;
      sink.drain();
    } else if (what === "pong") {
      const ping = sink.pings.at(-1);
      if (ping !== undefined) this.hub.pong(client, ping);
    } else {
      this.hub.leave(client);
      this.clients.splice(this.clients.indexOf(tracked), 1);
      this.gone.push(client);
    }
  }

  check(): void {
    let offered = 0;
    let delivered = 0;
    for (const tracked of this.clients) {
      const { client, sink } = tracked;
      const due = dueOf(tracked);
      const resumedAt = client.joined.seq;
      const counts = this.hub.countsOf(client);
      offered += counts.offered;
      delivered += counts.delivered;
      assert.equal(counts.offered, counts.delivered + counts.conflated + counts.dropped + counts.pending);
      for (const [name, count] of Object.entries(counts)) assert.ok(count >= 0, `${name} is ${count}`);

      const received = sink.texts.map((text) => Number.parseInt(text, 10));
      const replayed = received.filter((seq) => seq < resumedAt).length;
      if (!sink.isStalled) {
        assert.equal(counts.delivered, received.length);
        assert.equal(counts.offered, due.length + replayed);
      }
      assert.equal(new Set(received).size, received.length, "a reading was sent twice");
      for (const seq of received) assert.ok(wants(client, (this.published[seq - 1] as { topic: string }).topic));
      const earlier = received.filter((seq) => seq < resumedAt);
      assert.ok(
        earlier.every((seq) => tracked.earlier.has(seq)),
        "more than it asked for",
      );
      if (client.subscription.history !== undefined) {
        assert.deepEqual(
          received.slice(0, earlier.length),
          [...earlier].sort((a, b) => a - b),
          "history out of order",
        );
      }
      const isByReading = client.subscription.mode === "stream" && client.subscription.every === 0;
      if (isByReading) {
        assert.equal(counts.conflated, 0);
        const live = received.filter((seq) => seq >= resumedAt);
        assert.deepEqual(
          live,
          [...live].sort((a, b) => a - b),
          "out of order",
        );
      }
    }
    for (const client of this.gone) {
      const counts = this.hub.countsOf(client);
      assert.equal(counts.pending, 0);
      offered += counts.offered;
      delivered += counts.delivered;
    }
    const totals = this.hub.counts();
    assert.deepEqual([totals.offered, totals.delivered], [offered, delivered]);
    assert.equal(totals.clients, this.clients.length);
  }

  /** Once everybody reads again, nothing is pending and everyone has the newest reading of each topic. */
  settle(): void {
    for (let i = 0; i < 200; i++) {
      for (const tracked of this.clients) {
        this.act("drain", tracked);
        this.act("pong", tracked);
      }
      this.clock.advance(25);
    }
    this.check();
    for (const tracked of this.clients) {
      const { client, sink } = tracked;
      const { pending, dropped } = this.hub.countsOf(client);
      assert.equal(pending, 0);
      if (client.subscription.mode === "latest") assert.equal(dropped, 0);
      // A stream client that fell out of the log may have skipped the newest reading of a topic: it was counted.
      if (dropped > 0 || this.hub.counts().topicsEvicted > 0) continue;
      const received = new Set(sink.texts.map((text) => Number.parseInt(text, 10)));
      for (const { topic } of dueOf(tracked)) {
        const newest = this.newest.get(topic);
        assert.ok(newest === undefined || received.has(newest), `newest of ${topic} is missing`);
      }
    }
  }
}

function wants(client: HubClient, topic: string): boolean {
  const { filters, granted } = client.subscription;
  return (filters.length === 0 || matchesAny(filters, topic)) && (granted === undefined || matchesAny(granted, topic));
}
