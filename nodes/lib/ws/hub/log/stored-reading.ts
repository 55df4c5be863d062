import { frame, OPCODE } from "../frames/frames";
import type { EncodedPayload } from "../payload";
import { Topic } from "./topic";

/** As much of a topic as an envelope needs. */
export interface EnvelopeTopic {
  /** `{"topic":"…","payload":` */
  readonly envelopeStart: Buffer;
}

const NO_TOPIC: EnvelopeTopic = { envelopeStart: Buffer.alloc(0) };

/** Where one reading's frame lies, and what it takes to say it in another form. */
export interface StoredReading {
  seq: number;
  topic: EnvelopeTopic;
  kind: EncodedPayload["kind"];
  /** Its publisher wants it sent as an envelope. */
  enveloped: boolean;
  /** Milliseconds since the epoch. */
  time: number;
  /** The bare frame is `bytes[start, end)`, its body `bytes[bodyStart, end)`. */
  bytes: Buffer;
  start: number;
  bodyStart: number;
  end: number;
}

export function emptyReading(): StoredReading {
  const bytes = Buffer.alloc(0);
  return { seq: 0, topic: NO_TOPIC, kind: "text", enveloped: false, time: 0, bytes, start: 0, bodyStart: 0, end: 0 };
}

/** A copy of its own, without the memory around it. */
export function detached(reading: StoredReading): StoredReading {
  const bytes = Buffer.allocUnsafeSlow(reading.end - reading.start);
  reading.bytes.copy(bytes, 0, reading.start, reading.end);
  return { ...reading, bytes, start: 0, bodyStart: reading.bodyStart - reading.start, end: bytes.length };
}

/** A reading for one client alone: it has no sequence number. */
export function readingOutsideLog(
  { topic, payload }: { readonly topic: string; readonly payload: EncodedPayload },
  { time, enveloped }: { readonly time: number; readonly enveloped: boolean },
): StoredReading {
  const { kind, body } = payload;
  const payloadBytes = typeof body === "string" ? Buffer.from(body) : body;
  const bytes = frame(kind === "binary" ? OPCODE.binary : OPCODE.text, payloadBytes);
  const end = bytes.length;
  const bodyStart = end - payloadBytes.length;
  return { seq: 0, topic: new Topic(topic), kind, enveloped, time, bytes, start: 0, bodyStart, end };
}
