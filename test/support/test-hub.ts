import assert from "node:assert/strict";
import type { Counts } from "../../nodes/lib/ws/hub/counts";
import { Hub } from "../../nodes/lib/ws/hub/hub";
import type { HubClient } from "../../nodes/lib/ws/hub/hub-client";
import type { HubCounts, HubOptions } from "../../nodes/lib/ws/hub/hub-options";
import { encodePayload } from "../../nodes/lib/ws/hub/payload";
import type { Subscription } from "../../nodes/lib/ws/hub/subscription";
import { FakeFrameSink } from "./fake-frame-sink";

/** A client that asks for nothing in particular. */
export const SUBSCRIPTION: Subscription = {
  filters: [],
  granted: undefined,
  mode: "stream",
  every: 0,
  envelope: undefined,
  since: undefined,
  replay: true,
};

/** A hub whose clients have fake sockets. An error of its own fails the test. */
export class TestHub {
  readonly hub: Hub;

  constructor(options: Partial<HubOptions>) {
    this.hub = new Hub({ slow: "skip", maxAge: 1000, logBytes: 64 * 1024, onError: assert.ifError, ...options });
  }

  get epoch(): string {
    return this.hub.epoch;
  }

  join(subscription: Partial<Subscription> = {}, inflates = false): { sink: FakeFrameSink; client: HubClient } {
    const sink = new FakeFrameSink();
    sink.inflates = inflates;
    return { sink, client: this.hub.join(sink, { ...SUBSCRIPTION, ...subscription }) };
  }

  publish(topic: string, payload: unknown, envelope = false): number {
    return this.hub.publish(topic, encodePayload(payload), { envelope, time: 1 });
  }

  leave(client: HubClient): void {
    this.hub.leave(client);
  }

  pong(client: HubClient, data: Buffer): void {
    this.hub.pong(client, data);
  }

  forget(topic: string): boolean {
    return this.hub.forget(topic);
  }

  countsOf(client: HubClient): Counts {
    return this.hub.countsOf(client);
  }

  counts(): HubCounts {
    return this.hub.counts();
  }

  close(): void {
    this.hub.close();
  }
}
