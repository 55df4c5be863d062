import { formatValue } from "../elements/format";
import type { Signal } from "./signal";

const NEWLINE = "\r\n";

/** A part of the time, in ms since 1970; both ends belong to it. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * What is known of signals, as CSV (RFC 4180): one line for each point, in order of time for each signal; of a signal
 * that never was a number, its newest reading.
 */
export function csvOf(signals: Iterable<Signal>, { from, to }: TimeSpan): string {
  const lines = ["time,topic,field,value,unit"];
  for (const { topic, field, unit, series, value, time } of signals) {
    const line = (at: number, text: string): string =>
      [new Date(at).toISOString(), cell(topic), cell(field), text, cell(unit)].join(",");
    if (series.length === 0 && time >= from && time <= to) lines.push(line(time, cell(formatValue(value))));
    for (let index = series.indexAt(from); index < series.length && series.timeAt(index) <= to; index++) {
      lines.push(line(series.timeAt(index), String(series.valueAt(index))));
    }
  }
  return lines.join(NEWLINE) + NEWLINE;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe: whoever names a sensor runs nothing. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
