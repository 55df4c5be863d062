import { spawnSync } from "node:child_process";

/** The samples of a page of metrics: `name{label="value"}` as it is written, and its value. */
export function samplesOf(page: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of page.split("\n")) {
    const [, series, value] = /^([a-z_]+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    if (series !== undefined) samples.set(series, Number(value));
  }
  return samples;
}

/** What Prometheus' own tool has to say against a page in the text format; `undefined` where it is not installed. */
export function promtoolProblems(page: string): string | undefined {
  const { error, status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], {
    input: page,
    encoding: "utf8",
  });
  if (error !== undefined) return undefined;
  return status === 0 ? "" : `${stdout}${stderr}`;
}
