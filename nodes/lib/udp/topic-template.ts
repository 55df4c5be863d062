import { type Sentence, sentence } from "../text/sentence";
import { compileFieldPath } from "./decoders/field-path";
import { seriesOf } from "./series";
import type { Sender } from "./socket/sender";

/** Tells sensors apart by what they usually call themselves, whatever they send. */
export const DEFAULT_TOPIC = "{sensor|device|id|name|topic|series|ip}";

/** Makes the topic of one reading: always a legal MQTT topic name. */
export type TopicTemplate = (reading: unknown, sender: Sender) => string;

/** Far below MQTT's 65 535 bytes, far above any real topic. */
const MAX_TOPIC_CHARS = 4096;
const BETWEEN_ALTERNATIVES = "|";
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
  if (alternativesOf(template).some((name) => name === "")) return sentence("udp.accept-field");
  if (template.length > MAX_TOPIC_CHARS) return sentence("udp.accept-length", { max: MAX_TOPIC_CHARS });
  return undefined;
}

/**
 * Compiles a template such as `plant/{sensor|device.id}/{value.unit}`, in which the first of several fields counts that a
 * reading has. `{ip}` and `{port}` are the sender's; `{series}` is what `seriesOf` makes of a reading without such a field.
 *
 * A field that is missing, empty, or neither text, number nor boolean counts as none; what no field is found for becomes the
 * sender's address, and so does a topic that would be empty or too long. Slashes in a field separate levels too, empty levels are left out, and characters that a
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
    segments.push(segmentOf(namesOf(match[1] ?? "")));
    end = match.index + match[0].length;
  }
  const rest = template.slice(end);
  if (rest !== "") segments.push(() => rest);
  return segments;
}

/** The names of all fields in a template. */
function alternativesOf(template: string): string[] {
  return Array.from(template.matchAll(PLACEHOLDER), ([, names = ""]) => namesOf(names)).flat();
}

function namesOf(placeholder: string): string[] {
  return placeholder.split(BETWEEN_ALTERNATIVES).map((name) => name.trim());
}

function segmentOf(names: readonly string[]): Segment {
  const alternatives = names.map(alternativeOf);
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1)
    return (reading, sender) => only(reading, sender) || sender.address;
  return (reading, sender) => {
    for (const alternative of alternatives) {
      const text = alternative(reading, sender);
      if (text !== "") return text;
    }
    return sender.address;
  };
}

/** What a name stands for, empty where a reading does not have it. */
function alternativeOf(name: string): Segment {
  if (name === "ip") return (_reading, sender) => sender.address;
  if (name === "port") return (_reading, sender) => String(sender.port);
  const fieldOf = compileFieldPath(name);
  if (name === "series") return (reading) => textOf(fieldOf(reading)) || seriesOf(reading);
  return (reading) => textOf(fieldOf(reading));
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
