import { type Sentence, sentence } from "../text/sentence";
import { compileFieldPath } from "./decoders/field-path";
import type { Sender } from "./socket/sender";

/** Makes the topic of one reading: always a legal MQTT topic name. */
export type TopicTemplate = (reading: unknown, sender: Sender) => string;

/** Far below MQTT's 65 535 bytes, far above any real topic. */
const MAX_TOPIC_CHARS = 4096;
const PLACEHOLDER = /\{([^{}]*)\}/g;
/** Wildcards, control characters and halves of surrogate pairs: MQTT 5, sections 1.5.4 and 4.7. */
const ILLEGAL = /[+#\p{Cc}\p{Cs}]/gu;
const UNUSUAL = /[+#/$\p{Cc}\p{Cs}]/u;
const EMPTY_LEVELS = /^\/+|\/+$|\/(?=\/)/g;

type Segment = (reading: unknown, sender: Sender) => string;

/** @returns what is accepted instead, after "must be", or `undefined` for a template that compiles */
export function templateProblem(template: string): Sentence | undefined {
  const literal = template.replaceAll(PLACEHOLDER, "");
  if (/[{}]/.test(literal)) return sentence("udp.accept-braces");
  if (literal.search(ILLEGAL) !== -1) return sentence("udp.accept-topic");
  if (/\{\s*\}/.test(template)) return sentence("udp.accept-field");
  if (template.length > MAX_TOPIC_CHARS) return sentence("udp.accept-length", { max: MAX_TOPIC_CHARS });
  return undefined;
}

/**
 * Compiles a template such as `plant/{sensor}/{value.unit}`. `{ip}` and `{port}` are the sender's.
 *
 * A field that is missing, empty, or neither text, number nor boolean becomes the sender's address; so does a topic that
 * would be empty or too long. Slashes in a field separate levels too, empty levels are left out, and characters that a
 * topic name may not have become `_`, as does a leading `$`, which a broker keeps for itself.
 */
export function compileTopic(template: string): TopicTemplate {
  const segments = segmentsOf(template);
  const dollar = template.startsWith("$");
  const [only] = segments;

  const legal = (topic: string, sender: Sender): string => {
    if (topic.length > MAX_TOPIC_CHARS) return sender.address;
    if (!UNUSUAL.test(topic)) return topic;
    const levels = topic.replaceAll(ILLEGAL, "_").replaceAll(EMPTY_LEVELS, "");
    return levels.startsWith("$") && !dollar ? `_${levels.slice(1)}` : levels;
  };

  if (only !== undefined && segments.length === 1) {
    return (reading, sender) => legal(only(reading, sender), sender) || sender.address;
  }
  return (reading, sender) => {
    let topic = "";
    for (const segment of segments) topic += segment(reading, sender);
    return legal(topic, sender) || sender.address;
  };
}

function segmentsOf(template: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const literal = template.slice(end, match.index);
    if (literal !== "") segments.push(() => literal);
    segments.push(segmentOf((match[1] ?? "").trim()));
    end = match.index + match[0].length;
  }
  const rest = template.slice(end);
  if (rest !== "") segments.push(() => rest);
  return segments;
}

function segmentOf(field: string): Segment {
  if (field === "ip") return (_reading, sender) => sender.address;
  if (field === "port") return (_reading, sender) => String(sender.port);
  const fieldOf = compileFieldPath(field);
  return (reading, sender) => textOf(fieldOf(reading)) || sender.address;
}

function textOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return Number.isFinite(value) ? String(value) : "";
    case "boolean":
    case "bigint":
      return String(value);
    default:
      return "";
  }
}
