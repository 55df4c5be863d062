import { PropertyError } from "../config/errors";
import { briefValue } from "../live/brief-value";
import type { Page } from "../live/name-index";
import type { RecordedDatagram } from "../live/recent-datagrams";
import type { TopicRow } from "../live/topic-watch";
import { type Sentence, sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
import type { Clock } from "../time/clock";
import type { Arrival } from "../udp/datagram-queue";
import type { Format } from "../udp/decoders/formats";
import { type PreviewConfig, previewDecode } from "../udp/preview";
import type { SensorInput, SensorInputStats } from "../udp/sensor-input";
import type { StartedInput } from "../udp/start-input";
import type { Endpoint, Question } from "./endpoint";
import { type ListenTarget, listenTargets } from "./listen-targets";
import { listenerState } from "./listener-state";
import type { NodeIdentity, NodeState } from "./node-state";
import { pageQuery } from "./page-query";
import { sendTestDatagram } from "./trial-datagram";

/** A node that listens, as it runs. */
export interface RunningListener {
  readonly node: NodeIdentity;
  readonly input: StartedInput;
}

export interface ListenerSummary extends NodeIdentity {
  readonly port: number | null;
  readonly format: Format | null;
  readonly state: NodeState;
  readonly perSecond: number;
  readonly received: number;
  readonly rejected: number;
}

export interface ListenersAnswer {
  readonly listeners: readonly ListenerSummary[];
  /** Running besides those in the list. */
  readonly more: number;
  /** The last datagrams that were rejected, of all listeners, if they were asked for. */
  readonly rejected: readonly DatagramRow[];
}

export interface DatagramRow {
  readonly listener: string;
  readonly ip: string;
  readonly port: number;
  /** How long ago it arrived, in ms. */
  readonly age: number;
  readonly fate: string;
  readonly error: Sentence | null;
  readonly bytes: number;
  /** In base64, whole or its beginning. */
  readonly data: string;
}

export interface ListenerAnswer {
  readonly state: NodeState;
  readonly stats: SensorInputStats;
  readonly perSecond: number;
  readonly port: number;
  readonly targets: readonly ListenTarget[];
  readonly topics: Page<TopicRow>;
}

/** What a preview shows of one datagram. */
export interface PreviewRow {
  readonly ip: string;
  readonly age: number;
  readonly data: string;
  readonly count: number;
  /** Payloads as JSON, cut. */
  readonly readings: readonly { readonly topic: string; readonly time: number; readonly payload: string }[];
  readonly error: Sentence | null;
  /** Byte at which it went wrong. */
  readonly at: number | null;
}

/** The configuration that a dialog holds could not be read, or what it asked. */
class QuestionError extends UserError {
  readonly code = "BAD_QUESTION";
}

const READ = "udp-sensor-in.read";
const WRITE = "udp-sensor-in.write";
const MAX_LISTED = 200;
const MAX_REJECTED = 32;
const MAX_SHOWN_BYTES = 256;
const MAX_PREVIEWED = 8;
const MAX_PAYLOAD_CHARACTERS = 2000;
const BASE64_OF_LARGEST = Math.ceil(65_507 / 3) * 4;

export interface ListenerEndpointsContext {
  /** By the id of their node. */
  readonly listeners: ReadonlyMap<string, RunningListener>;
  readonly clock: Clock;
  /** Reads options as a dialog holds them. @throws {PropertyError} */
  readConfig(options: object, id: string): PreviewConfig;
}

/** What the editor can ask of listeners. */
export function listenerEndpoints({ listeners, clock, readConfig }: ListenerEndpointsContext): Endpoint[] {
  const running = (id: string): SensorInput | undefined => {
    const state = listeners.get(id)?.input.state;
    return state instanceof PropertyError ? undefined : state;
  };
  const read = (path: string, answer: Endpoint["answer"]): Endpoint => ({
    method: "get",
    path,
    permission: READ,
    answer,
  });
  return [
    read("/sensorcast/udp", ({ query }) => summaries([...listeners.values()], query.rejected !== undefined, clock)),
    read("/sensorcast/udp/:id", ({ id }) => listeners.get(id)?.input.stats()),
    read("/sensorcast/udp/:id/state", ({ id }) => {
      const listener = listeners.get(id);
      return listener && summaryOf(listener.node, listener.input, clock.wallTime());
    }),
    read("/sensorcast/udp/:id/live", async ({ id, query }) => {
      const input = running(id);
      return input && (await details(input, query, clock));
    }),
    read("/sensorcast/udp/:id/recent", ({ id }) => {
      const now = clock.wallTime();
      return {
        datagrams:
          running(id)
            ?.record.recent.list()
            .map((each) => rowOf(each, { id, now, whole: true })) ?? [],
      };
    }),
    {
      method: "post",
      path: "/sensorcast/udp/:id/preview",
      // Options may name environment variables, whose values a preview shows.
      permission: WRITE,
      answer: (question) => preview(question, running(question.id), { clock, readConfig }),
    },
    {
      method: "post",
      path: "/sensorcast/udp/:id/test",
      permission: WRITE,
      answer: async ({ id }) => {
        const input = running(id);
        if (input === undefined) throw new QuestionError(sentence("cockpit.no-listener"));
        return await sendTestDatagram(input.config);
      },
    },
  ];
}

function summaries(all: readonly RunningListener[], withRejected: boolean, clock: Clock): ListenersAnswer {
  const now = clock.wallTime();
  const listed = all.slice(0, MAX_LISTED);
  return {
    listeners: listed.map(({ node, input }) => summaryOf(node, input, now)),
    more: all.length - listed.length,
    rejected: withRejected ? lastRejected(listed, now) : [],
  };
}

function summaryOf(node: NodeIdentity, { state: input }: StartedInput, now: number): ListenerSummary {
  const state = listenerState(input, now);
  if (input instanceof PropertyError) {
    return { ...node, port: null, format: null, state, perSecond: 0, received: 0, rejected: 0 };
  }
  const { received, rejected } = input.stats();
  return {
    ...node,
    port: input.config.port,
    format: input.config.format,
    state,
    perSecond: input.record.perSecond,
    received,
    rejected: Object.values(rejected).reduce((sum, count) => sum + count, 0),
  };
}

function lastRejected(listed: readonly RunningListener[], now: number): DatagramRow[] {
  const rows = listed.flatMap(({ node: { id }, input: { state } }) =>
    state instanceof PropertyError ? [] : state.record.rejected.list().map((each) => ({ id, each })),
  );
  rows.sort((a, b) => b.each.arrival.time - a.each.arrival.time);
  return rows.slice(0, MAX_REJECTED).map(({ id, each }) => rowOf(each, { id, now, whole: false }));
}

function rowOf(
  { arrival, fate, error }: RecordedDatagram,
  { id, now, whole }: { readonly id: string; readonly now: number; readonly whole: boolean },
): DatagramRow {
  const { bytes, sender, time } = arrival;
  const shown = whole ? bytes : bytes.subarray(0, MAX_SHOWN_BYTES);
  return {
    listener: id,
    ip: sender.address,
    port: sender.port,
    age: Math.max(now - time, 0),
    fate,
    error: error ?? null,
    bytes: bytes.length,
    data: Buffer.from(shown).toString("base64"),
  };
}

async function details(input: SensorInput, query: Question["query"], clock: Clock): Promise<ListenerAnswer> {
  const { config, record } = input;
  return {
    state: listenerState(input, clock.wallTime()),
    stats: input.stats(),
    perSecond: record.perSecond,
    port: config.port,
    targets: listenTargets(config),
    topics: await record.topics.page(pageQuery(query, "topic")),
  };
}

/**
 * What the last datagrams would become with other options: those that the question brings, else the last ones received.
 * Of a node that is not deployed yet there are only those of the question.
 */
function preview(
  { id, body }: Question,
  input: SensorInput | undefined,
  { clock, readConfig }: Pick<ListenerEndpointsContext, "clock" | "readConfig">,
): { readonly previews: readonly PreviewRow[] } {
  const { options, datagrams } = (body ?? {}) as { options?: unknown; datagrams?: unknown };
  const config = readConfig(typeof options === "object" && options !== null ? options : {}, id);
  const now = clock.wallTime();
  const arrivals = datagrams === undefined ? lastArrivals(input) : givenArrivals(datagrams, now);
  const previews = previewDecode(config, arrivals).map((result, index): PreviewRow => {
    const { bytes, sender, time } = arrivals[index] as Arrival;
    const about = { ip: sender.address, age: Math.max(now - time, 0), data: bytes.toString("base64") };
    if ("error" in result) return { ...about, count: 0, readings: [], error: result.error, at: result.at ?? null };
    const readings = result.readings.map((reading) => ({
      topic: reading.topic,
      time: reading.time,
      payload: briefValue(reading.payload, MAX_PAYLOAD_CHARACTERS),
    }));
    return { ...about, count: result.count, readings, error: null, at: null };
  });
  return { previews };
}

function lastArrivals(input: SensorInput | undefined): Arrival[] {
  const recorded = input?.record.recent.list().slice(0, MAX_PREVIEWED) ?? [];
  return recorded.map(({ arrival: { bytes, sender, time } }) => ({ bytes: Buffer.from(bytes), sender, time }));
}

function givenArrivals(datagrams: unknown, now: number): Arrival[] {
  const isList = Array.isArray(datagrams) && datagrams.length <= MAX_PREVIEWED;
  if (!isList || !datagrams.every((each) => typeof each === "string" && each.length <= BASE64_OF_LARGEST)) {
    throw new QuestionError(sentence("cockpit.needs-datagrams", { max: MAX_PREVIEWED }));
  }
  const sender = { address: "127.0.0.1", port: 0 };
  return datagrams.map((each: string) => ({ bytes: Buffer.from(each, "base64"), sender, time: now }));
}
