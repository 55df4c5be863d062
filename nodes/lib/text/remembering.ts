import type { Translate } from "./sentence";

const MAX_REMEMBERED = 100;

/** Translates as another does, but remembers what it said: Node-RED's takes a quarter of a millisecond for a sentence. */
export function remembering(translate: Translate): Translate {
  const said = new Map<string, string>();
  return (key, values) => {
    const asked = `${key} ${JSON.stringify(values)}`;
    const known = said.get(asked);
    if (known !== undefined) return known;
    const text = translate(key, values);
    if (said.size >= MAX_REMEMBERED) said.clear();
    said.set(asked, text);
    return text;
  };
}
