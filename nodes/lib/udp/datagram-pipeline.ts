import { randomBytes } from "node:crypto";
import { sentence } from "../text/sentence";
import type { Clock } from "../time/clock";
import { Counters, type DatagramCounts } from "./counters";
import { DecodeError, type Decoder } from "./decoders/decoder";
import { createDecoder, type DecoderConfig } from "./decoders/index";
import { compileTimeField } from "./decoders/time";
import { createGate, type Gate, type GateConfig } from "./gate";
import { MessageIds } from "./message-ids";
import type { ReadingMessage } from "./reading-message";
import type { Rejection } from "./reports/rejection";
import type { Sender } from "./socket/sender";
import { compileTopic, type TopicTemplate } from "./topic-template";

export interface PipelineConfig extends GateConfig, DecoderConfig {
  readonly topic: string;
  /** Where a reading has its own time; empty: nowhere. */
  readonly timeField: string;
}

/** A datagram that was received and not emitted. */
export interface RejectedDatagram extends Rejection {
  readonly payload: Buffer;
  readonly ip: string;
  readonly port: number;
  /** When it arrived, in ms since the epoch. */
  readonly time: number;
}

/** Where the results go. */
export interface PipelinePort {
  reading(message: ReadingMessage): void;
  rejected(datagram: RejectedDatagram): void;
  /** A message could not be handed on. */
  failed(error: unknown): void;
}

/** The way of a datagram: gate, decoder, topic, messages. Accounts for each one and lets no exception out. */
export class DatagramPipeline {
  readonly #ids = new MessageIds();
  readonly #gate: Gate;
  readonly #decode: Decoder;
  readonly #topic: TopicTemplate;
  readonly #ownTime: (reading: unknown) => number | undefined;
  readonly #counters = new Counters();
  /** Unique among all nodes, since a `join` node may be wired to several. */
  readonly #idPrefix = randomBytes(6).toString("hex");
  #sequences = 0;

  readonly #port: PipelinePort;
  readonly #clock: Clock;

  constructor(config: PipelineConfig, port: PipelinePort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
    this.#gate = createGate(config, clock);
    this.#decode = createDecoder(config);
    this.#topic = compileTopic(config.topic);
    this.#ownTime = compileTimeField(config.timeField);
  }

  counts(): DatagramCounts {
    return this.#counters.counts();
  }

  /** @param arrival when it was received, in ms since the epoch */
  datagram(bytes: Buffer, sender: Sender, arrival = this.#clock.wallTime()): void {
    this.#counters.received();
    const refused = this.#gate(bytes, sender);
    const result = refused ?? this.#readingsOf(bytes);
    if ("reason" in result) this.#reject(result, bytes, { ...sender, arrival });
    else this.#emit(result, sender, arrival);
  }

  /** Stack traces are most of the cost of a refused datagram, and a flood of them is what a sender is free to send. */
  #readingsOf(bytes: Buffer): readonly unknown[] | Rejection {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      const readings = this.#decode(bytes);
      return readings.length > 0 ? readings : NO_READING;
    } catch (error) {
      return rejectionOf(error);
    } finally {
      Error.stackTraceLimit = limit;
    }
  }

  #emit(readings: readonly unknown[], sender: Sender, arrival: number): void {
    this.#counters.emitted();
    const count = readings.length;
    const id = count > 1 ? `${this.#idPrefix}.${++this.#sequences}` : "";
    for (let index = 0; index < count; index++) {
      const payload = readings[index];
      try {
        const topic = this.#topic(payload, sender);
        const time = this.#ownTime(payload) ?? arrival;
        const _msgid = this.#ids.next();
        const message: ReadingMessage = { _msgid, payload, topic, ip: sender.address, port: sender.port, time };
        if (count > 1) message.parts = { id, index, count, type: "array", len: 1 };
        this.#port.reading(message);
      } catch (error) {
        this.#port.failed(error);
      }
    }
  }

  #reject({ reason, error }: Rejection, payload: Buffer, from: Sender & { arrival: number }): void {
    this.#counters.rejected(reason);
    const { address: ip, port, arrival: time } = from;
    try {
      this.#port.rejected({ payload, ip, port, time, reason, error });
    } catch (thrown) {
      this.#port.failed(thrown);
    }
  }
}

const NO_READING: Rejection = { reason: "decode", error: sentence("decode.no-reading") };

function rejectionOf(error: unknown): Rejection {
  if (error instanceof DecodeError) return { reason: error.reason, error: error.sentence };
  return { reason: "decode", error: sentence("decode.failed", { reason: String(error) }) };
}
