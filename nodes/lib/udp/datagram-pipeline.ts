import { sentence } from "../text/sentence";
import { type Clock, systemClock } from "../time/clock";
import { type PiecewiseWork, TurnBudget } from "../time/turn-budget";
import type { Combined } from "./conflation/combination";
import { Conflation } from "./conflation/conflation";
import type { ConflationMode } from "./conflation/conflation-mode";
import { Counters, type DatagramCounts } from "./counters";
import { DatagramFate } from "./datagram-fate";
import { type Arrival, DatagramQueue } from "./datagram-queue";
import { DecodeError, type Decoder } from "./decoders/decoder";
import { createDecoder, type DecoderConfig } from "./decoders/index";
import { tooManyReadings } from "./decoders/limits";
import { Gate, type GateConfig } from "./gate";
import { type MessageConfig, MessageMaker } from "./message-maker";
import type { ReadingMessage } from "./reading-message";
import type { Rejection } from "./reports/rejection";
import type { Sender } from "./socket/sender";

export interface PipelineConfig extends GateConfig, DecoderConfig, MessageConfig {
  /** Readings that one datagram may hold. */
  readonly maxReadings: number;
  /** Milliseconds in which a topic has at most one message; 0: one for each reading. */
  readonly every: number;
  /** What that message holds of the readings in that time. */
  readonly conflate: ConflationMode;
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
  /** A datagram was let in and decoded; its readings follow. */
  decoded?(arrival: Arrival): void;
  /** A reading, which may be held back for a while, or make way for newer ones. */
  heard?(message: ReadingMessage): void;
  /** A message to hand on. */
  reading(message: ReadingMessage): void;
  rejected(datagram: RejectedDatagram): void;
  /** A message could not be handed on. */
  failed(error: unknown): void;
}

export interface PipelineEnvironment {
  readonly clock?: Clock;
  /** Shared by all pipelines of a process, for it is one event loop that they must not block. */
  readonly budget?: TurnBudget;
}

/** The datagram whose readings are being emitted. */
interface Emission {
  readonly arrival: Arrival;
  readonly readings: readonly unknown[];
  readonly id: string;
  /** Where readings are held back. */
  readonly fate: DatagramFate | undefined;
  /** Of the reading that is next. */
  index: number;
}

/** Readings emitted in one piece of work: some tenths of a millisecond. */
const READINGS_PER_PIECE = 32;

const NO_READING: Rejection = { reason: "decode", error: sentence("decode.no-reading") };
const OVERLOAD: Rejection = { reason: "overload", error: sentence("udp.overload") };

/**
 * The way of a datagram: gate, decoder, messages. Accounts for each one and lets no exception out. As long as there is time
 * in this turn of the event loop a datagram is done with at once; the rest waits in a bounded queue, and keeps its order.
 */
export class DatagramPipeline {
  readonly #port: PipelinePort;
  readonly #clock: Clock;
  readonly #budget: TurnBudget;
  readonly #gate: Gate;
  readonly #decode: Decoder;
  readonly #maxReadings: number;
  readonly #messages: MessageMaker;
  readonly #conflation: Conflation<ReadingMessage> | undefined;
  readonly #counters = new Counters();
  readonly #queue = new DatagramQueue();
  readonly #work: PiecewiseWork = { step: () => this.#step() };
  #emission: Emission | undefined;
  /** So many at the head of the queue another pipeline has left: the gate has yet to see them. */
  #inherited = 0;
  #cancelStart: (() => void) | undefined;
  /** Datagrams of which some readings are still to be emitted or conflated. */
  #unsettled = 0;

  constructor(config: PipelineConfig, port: PipelinePort, environment: PipelineEnvironment = {}) {
    const { clock = systemClock, budget = new TurnBudget({ clock }) } = environment;
    this.#port = port;
    this.#clock = clock;
    this.#budget = budget;
    this.#gate = new Gate(config, clock);
    this.#decode = createDecoder(config);
    this.#maxReadings = config.maxReadings;
    this.#messages = new MessageMaker(config);
    if (config.every > 0) {
      this.#conflation = new Conflation(
        { everyMs: config.every, mode: config.conflate, clock, budget },
        (newest, combined, readings) => this.#handOnCombined(newest, combined, readings),
      );
    }
  }

  counts(): DatagramCounts {
    return this.#counters.counts(this.#queue.length + this.#unsettled);
  }

  /** Whether there is no time for another datagram in this turn of the event loop. */
  get isBusy(): boolean {
    return this.#queue.length > 0;
  }

  /** @param time when it was received, in ms since the epoch */
  datagram(bytes: Buffer, sender: Sender, time = this.#clock.wallTime()): void {
    const arrival: Arrival = { bytes, sender, time };
    this.#counters.received();
    const refused = this.#gate.refusal(bytes, sender);
    if (refused !== undefined) this.#reject(refused, arrival);
    else if (this.#queue.push(arrival)) this.#budget.do(this.#work);
    else this.#reject(OVERLOAD, arrival);
  }

  /**
   * Takes what waited in another pipeline, ahead of all that it is given itself: to be called before. Nothing is handed on
   * until the event loop comes round again, when all nodes of the flow are there.
   */
  inherit(arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) {
      this.#counters.received();
      if (this.#queue.push(arrival)) this.#inherited++;
      else this.#reject(OVERLOAD, arrival);
    }
    if (this.#inherited > 0) this.#cancelStart = this.#clock.immediate(() => this.#budget.do(this.#work));
  }

  /**
   * Hands on the readings that are held back, and before them the rest of a datagram of which some were emitted already: another
   * pipeline could not go on with it, and there are `maxReadings` at most. What a node sends as it closes fares as
   * what it sent just before: it arrives, unless who is to get it closes, too.
   * @returns the datagrams that wait, in order: another one will count them
   */
  stop(): Arrival[] {
    this.#cancelStart?.();
    while (this.#emission !== undefined) this.#emit(this.#emission);
    this.#conflation?.flush();
    this.#budget.drop(this.#work);
    const waiting = this.#queue.takeAll();
    this.#counters.handedOver(waiting.length);
    this.#inherited = 0;
    return waiting;
  }

  #step(): boolean {
    this.#emission ??= this.#nextEmission();
    if (this.#emission !== undefined) this.#emit(this.#emission);
    return this.#emission !== undefined || this.#queue.length > 0;
  }

  /** Decodes the next datagram. @returns undefined if it is rejected */
  #nextEmission(): Emission | undefined {
    const arrival = this.#queue.shift();
    if (arrival === undefined) return undefined;
    const readings = this.#refusalOfInherited(arrival) ?? this.#readingsOf(arrival.bytes);
    if ("reason" in readings) {
      this.#reject(readings, arrival);
      return undefined;
    }
    this.#gate.charge(arrival.sender, readings.length);
    this.#port.decoded?.(arrival);
    this.#unsettled++;
    const fate =
      this.#conflation === undefined
        ? undefined
        : new DatagramFate(readings.length, (isEmitted) => this.#settled(isEmitted));
    return { arrival, readings, id: this.#messages.sequenceId(readings.length), fate, index: 0 };
  }

  /** What this gate, which may be another one, says of a datagram that the one before let in. */
  #refusalOfInherited({ bytes, sender }: Arrival): Rejection | undefined {
    if (this.#inherited === 0) return undefined;
    this.#inherited--;
    return this.#gate.refusal(bytes, sender);
  }

  /** Stack traces are most of the cost of a refused datagram, and a flood of them is what a sender is free to send. */
  #readingsOf(bytes: Buffer): readonly unknown[] | Rejection {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      const readings = this.#decode(bytes);
      if (readings.length > this.#maxReadings) throw tooManyReadings(this.#maxReadings);
      return readings.length > 0 ? readings : NO_READING;
    } catch (error) {
      return rejectionOf(error);
    } finally {
      Error.stackTraceLimit = limit;
    }
  }

  #emit(emission: Emission): void {
    const { arrival, readings, id, fate } = emission;
    // Nothing can be put together again of which some parts may be missing.
    const count = fate === undefined ? readings.length : 1;
    const end = Math.min(readings.length, emission.index + READINGS_PER_PIECE);
    while (emission.index < end) {
      const index = emission.index++;
      try {
        this.#take(this.#messages.message(readings[index], arrival, { id, index, count }), emission);
      } catch (error) {
        this.#port.failed(error);
        fate?.settle(true);
      }
    }
    // Whoever was handed a reading may have stopped this, which emits the rest.
    if (emission.index < readings.length || this.#emission !== emission) return;
    this.#emission = undefined;
    if (fate === undefined) this.#settled(true);
  }

  #take(message: ReadingMessage, { arrival, readings, fate }: Emission): void {
    this.#port.heard?.(message);
    if (this.#conflation === undefined || fate === undefined) {
      this.#port.reading(message);
      return;
    }
    const settle = (isEmitted: boolean): void => fate.settle(isEmitted);
    this.#conflation.take({ message, bytes: arrival.bytes.length, readings: readings.length, settle });
  }

  #handOnCombined(newest: ReadingMessage, combined: Combined, readings: number): void {
    try {
      this.#port.reading({ ...newest, ...combined, readings });
    } catch (error) {
      this.#port.failed(error);
    }
  }

  #settled(isEmitted: boolean): void {
    this.#unsettled--;
    if (isEmitted) this.#counters.emitted();
    else this.#counters.conflated();
  }

  #reject({ reason, error }: Rejection, { bytes: payload, sender, time }: Arrival): void {
    this.#counters.rejected(reason);
    const { address: ip, port } = sender;
    try {
      this.#port.rejected({ payload, ip, port, time, reason, error });
    } catch (thrown) {
      this.#port.failed(thrown);
    }
  }
}

function rejectionOf(error: unknown): Rejection {
  if (error instanceof DecodeError) return { reason: error.reason, error: error.sentence };
  return { reason: "decode", error: sentence("decode.failed", { reason: String(error) }) };
}
