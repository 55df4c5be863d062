import { withLabels } from "../text/labels";
import { type MessageKey, type Sentence, sentence, translated } from "../text/sentence";

/** The catalogue that the sidebar's sentences are in, as they are in that of each node. */
const CATALOGUE = "@sensorcast/node-red-udp-websocket/ws-broadcast-server:";

type SidebarKey = Extract<MessageKey, `sidebar.${string}`>;

/** Says a sentence in the language of the editor. */
export function say(said: Sentence): string {
  return translated(
    said,
    withLabels((key, values) => {
      const known = key.includes(":") ? key : CATALOGUE + key;
      const text = RED._(known, values);
      return text === known ? key : text;
    }),
  );
}

/** Says a message of the sidebar. */
export function word(
  key: SidebarKey extends `sidebar.${infer K}` ? K : never,
  values: Sentence["values"] = {},
): string {
  return say(sentence(`sidebar.${key}`, values));
}

/** Such as `12 s` or `3 h`. */
export function ago(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 0);
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** Such as `0.2/s` or `1200/s`. */
export function rate(perSecond: number): string {
  return `${perSecond >= 10 || perSecond === 0 ? Math.round(perSecond) : perSecond.toFixed(1)}/s`;
}
