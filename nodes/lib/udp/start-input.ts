import { PropertyError } from "../config/fields";
import { sentence } from "../text/sentence";
import { systemClock } from "../time/clock";
import type { InputPort } from "./input-port";
import { FailureReports } from "./reports/failure-reports";
import { type OwnEnvironment, SensorInput, type SensorInputConfig, type SensorInputStats } from "./sensor-input";

/** An input as long as its node is deployed. */
export interface StartedInput {
  /** What receives; or why nothing does: its configuration is not accepted. */
  readonly state: SensorInput | PropertyError;
  /** `undefined` for one that receives nothing. */
  stats(): SensorInputStats | undefined;
  /** Resolves once the port is free, or at once if others still use it. */
  stop(): Promise<void>;
}

/**
 * Starts the input of a node. A configuration that is not accepted is no exception but an input that receives nothing and
 * says why, on the node's status and to catch nodes: a deploy must not fail because of it.
 * @param readConfig may throw a `PropertyError`
 */
export function startInput(
  readConfig: () => SensorInputConfig,
  port: InputPort,
  environment: OwnEnvironment,
): StartedInput {
  try {
    const input = new SensorInput(readConfig(), port, environment);
    return { state: input, stats: () => input.stats(), stop: () => input.stop() };
  } catch (error) {
    if (!(error instanceof PropertyError)) throw error;
    return refusedInput(error, port);
  }
}

function refusedInput(error: PropertyError, port: InputPort): StartedInput {
  const failures = new FailureReports(
    {
      show: (text) => port.status({ fill: "red", shape: "dot", text }),
      report: (failure) => port.error(failure),
    },
    systemClock,
  );
  failures.add(error, sentence("udp.status-bad-property", { property: error.label }));
  return { state: error, stats: () => undefined, stop: async () => failures.stop() };
}
