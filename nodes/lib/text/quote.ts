import { clean } from "./clean";

const MAX_CHARACTERS = 60;

/** A value as it is quoted in a sentence: its JSON, cut to `maxCharacters` with `...` at the end, and safe to show. */
export function quote(value: unknown, maxCharacters = MAX_CHARACTERS): string {
  // A long text is cut first: it may be all of a datagram.
  const short = typeof value === "string" ? value.slice(0, maxCharacters) : value;
  const shown = clean(String(JSON.stringify(short) ?? short));
  return shown.length > maxCharacters ? `${shown.slice(0, maxCharacters - 3)}...` : shown;
}
