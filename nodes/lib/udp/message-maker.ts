import { randomBytes } from "node:crypto";
import type { Arrival } from "./datagram-queue";
import { compileTimeField } from "./decoders/time";
import { MessageIds } from "./message-ids";
import type { MessageParts, ReadingMessage } from "./reading-message";
import { compileTopic, type TopicTemplate } from "./topic-template";

export interface MessageConfig {
  readonly topic: string;
  /** Where a reading has its own time; empty: nowhere. */
  readonly timeField: string;
}

/** The place of a reading among those of its datagram. */
export type Part = Omit<MessageParts, "type" | "len">;

/** Makes messages of readings: their topic, their time, and how they belong together. */
export class MessageMaker {
  readonly #ids = new MessageIds();
  readonly #topic: TopicTemplate;
  readonly #ownTime: (reading: unknown) => number | undefined;
  /** Unique among all nodes, since a `join` node may be wired to several. */
  readonly #idPrefix = randomBytes(6).toString("hex");
  #sequences = 0;

  constructor({ topic, timeField }: MessageConfig) {
    this.#topic = compileTopic(topic);
    this.#ownTime = compileTimeField(timeField);
  }

  /** The id of the readings of one datagram; a reading that is alone needs none. */
  sequenceId(count: number): string {
    return count > 1 ? `${this.#idPrefix}.${++this.#sequences}` : "";
  }

  message(payload: unknown, { sender, time: arrival }: Arrival, { id, index, count }: Part): ReadingMessage {
    const topic = this.#topic(payload, sender);
    const time = this.#ownTime(payload) ?? arrival;
    const _msgid = this.#ids.next();
    const message: ReadingMessage = { _msgid, payload, topic, ip: sender.address, port: sender.port, time };
    if (count > 1) message.parts = { id, index, count, type: "array", len: 1 };
    return message;
  }
}
