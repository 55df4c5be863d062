const DAY_MS = 86_400_000;

/**
 * A moment in few characters, the same in all languages, in the time zone of this machine: `14:05`, or `11-24` if that was
 * more than a day ago.
 * @param at in ms since the epoch
 */
export function briefTime(at: number, now: number): string {
  const date = new Date(at);
  const [first, second, between] =
    now - at < DAY_MS ? [date.getHours(), date.getMinutes(), ":"] : [date.getMonth() + 1, date.getDate(), "-"];
  return `${two(first)}${between}${two(second)}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
