const ISO_8601 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(?:Z|([+-])(\d\d):?(\d\d)?)?)?$/i;

/**
 * Milliseconds since 1970 of a date, or a date and time, in ISO 8601; `undefined` for any other text. A time without zone is
 * taken as UTC, since what a sensor knows of this machine's zone is nothing.
 */
export function fromIso8601(text: string): number | undefined {
  const parts = ISO_8601.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", sign, zoneHour, zoneMinute] =
    parts;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const milliseconds = Math.floor(Number(`0.${fraction}`) * 1e3);
  const zoneMinutes = sign === undefined ? 0 : Number(`${sign}1`) * (Number(zoneHour) * 60 + Number(zoneMinute ?? 0));
  return date.getTime() + seconds * 1e3 + milliseconds - zoneMinutes * 60_000;
}
