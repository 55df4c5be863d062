const MAX_CHARACTERS = 120;
/** Line breaks and the like, and what turns the direction of the text that follows: a name could pass for another. */
const INVISIBLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A topic or a field as it is shown. */
export function nameOf(text: string): string {
  const short = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
  return short.replace(INVISIBLE, "\ufffd");
}
