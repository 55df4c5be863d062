import { describeMachine } from "./machine";
import { MEASURED_TABLES } from "./measured-tables";
import { markdown } from "./report";
import type { Results } from "./results";

const START = "<!-- measured: written by npm run bench:readme -->";
const END = "<!-- /measured -->";

/** @returns the README with what was measured in its place. @throws {Error} if it has none */
export function withMeasured(readme: string, results: Results): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end === -1) throw new Error(`the README has no lines "${START}" and "${END}"`);
  return `${readme.slice(0, start + START.length)}\n${section(results)}\n${readme.slice(end)}`;
}

function section(results: Results): string {
  const tables = MEASURED_TABLES.map((write) => write(results)).filter(({ rows }) => rows.length > 0);
  return [...tables.map(markdown), `Measured ${when(results)}: ${where(results)}`].join("\n\n");
}

function when({ dates }: Results): string {
  const sorted = Object.values(dates).sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  return first === last ? `on ${first}` : `between ${first} and ${last}`;
}

function where({ machine }: Results): string {
  return describeMachine(machine);
}
