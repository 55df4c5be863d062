/** Reads single fields of NMEA sentences. What is empty or malformed is `null`: the raw field stays in the reading. */

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const ANGLE = /^(\d{1,3})(\d\d(?:\.\d*)?)$/;
const TIME_OF_DAY = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)(?:\.(\d*))?$/;
const DATE = /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(\d\d)$/;
/** Two-digit years below it are of this century. GPS began in 1980. */
const FIRST_YEAR_OF_LAST_CENTURY = 80;
/** Half a micro-degree is 5 cm: finer than what five decimals of a minute tell. */
const DEGREE_DECIMALS = 1e7;

type Cell = string | undefined;

export function number(cell: Cell): number | null {
  return cell !== undefined && NUMBER.test(cell) ? Number(cell) : null;
}

export function text(cell: Cell): string | null {
  return cell === undefined || cell === "" ? null : cell;
}

/** `A` is valid data, `V` is a warning. */
export function valid(cell: Cell): boolean {
  return cell === "A";
}

/** A number that counts as negative towards west, south or left. */
export function signed(cell: Cell, direction: Cell): number | null {
  const magnitude = number(cell);
  if (magnitude === null) return null;
  return direction === "W" || direction === "S" || direction === "L" ? -magnitude : magnitude;
}

/** Degrees and minutes `[d]ddmm.mmm` with a hemisphere, as signed decimal degrees. */
export function degrees(cell: Cell, hemisphere: Cell): number | null {
  const parts = ANGLE.exec(cell ?? "");
  if (parts === null || hemisphere === undefined || !/^[NSEW]$/.test(hemisphere)) return null;
  const value = Number(parts[1]) + Number(parts[2]) / 60;
  const limit = hemisphere === "N" || hemisphere === "S" ? 90 : 180;
  if (value > limit) return null;
  const rounded = Math.round(value * DEGREE_DECIMALS) / DEGREE_DECIMALS;
  return hemisphere === "S" || hemisphere === "W" ? -rounded : rounded;
}

/** `hhmmss.ss` as `hh:mm:ss.sssZ`. */
export function timeOfDay(cell: Cell): string | null {
  const parts = TIME_OF_DAY.exec(cell ?? "");
  if (parts === null) return null;
  const [, hour, minute, second, fraction = ""] = parts;
  return `${hour}:${minute}:${second}.${fraction.padEnd(3, "0").slice(0, 3)}Z`;
}

/** A time `hhmmss.ss` of a date `ddmmyy`, as ISO 8601. */
export function dateTime(time: Cell, date: Cell): string | null {
  const parts = DATE.exec(date ?? "");
  if (parts === null) return null;
  const [, day, month, year] = parts;
  const century = Number(year) >= FIRST_YEAR_OF_LAST_CENTURY ? "19" : "20";
  return isoTime(time, { day, month, year: `${century}${year}` });
}

export function isoTime(
  time: Cell,
  { day, month, year }: { readonly day: Cell; readonly month: Cell; readonly year: Cell },
): string | null {
  const clock = timeOfDay(time);
  if (clock === null || !/^\d{4}$/.test(year ?? "") || !/^\d\d$/.test(month ?? "") || !/^\d\d$/.test(day ?? ""))
    return null;
  return `${year}-${month}-${day}T${clock}`;
}
