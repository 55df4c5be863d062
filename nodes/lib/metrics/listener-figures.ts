import { SensorInput } from "../udp/sensor-input";
import type { StartedInput } from "../udp/start-input";
import type { ListenerFigures } from "./figures";

/** A node that listens, as it runs. */
export interface MeteredListener {
  readonly node: { readonly id: string; readonly name: string };
  readonly input: StartedInput;
}

/** What each listener has counted; without those whose configuration is not accepted. */
export function listenerFigures(listeners: Iterable<MeteredListener>): ListenerFigures[] {
  return Array.from(listeners).flatMap(({ node: { id, name }, input: { state } }) =>
    state instanceof SensorInput ? [{ id, name, stats: state.stats(), readings: state.record.readings }] : [],
  );
}
