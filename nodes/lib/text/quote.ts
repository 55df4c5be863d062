const MAX_CHARACTERS = 60;

/** A value as it is quoted in a sentence: its JSON, cut to `maxCharacters` with `...` at the end. */
export function quote(value: unknown, maxCharacters = MAX_CHARACTERS): string {
  const shown = String(JSON.stringify(value) ?? value);
  return shown.length > maxCharacters ? `${shown.slice(0, maxCharacters - 3)}...` : shown;
}
