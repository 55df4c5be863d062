import type { Clock } from "../time/clock";
import { Exposition, type ExpositionFormat } from "./exposition";
import type { ListenerFigures, ServerFigures } from "./figures";
import { measureLoopDelay } from "./loop-delay";

/** Where the figures come from when they are asked for. */
export interface MetricsSources {
  server(): Promise<ServerFigures>;
  listeners(): readonly ListenerFigures[];
}

/** Collects what one server and all listeners of this Node-RED are counting. Measures the event loop until it is stopped. */
export class ServerMetrics {
  readonly #exposition = new Exposition();
  readonly #sources: MetricsSources;
  readonly #stopMeasuring: () => void;

  constructor(sources: MetricsSources, clock: Clock) {
    this.#sources = sources;
    this.#stopMeasuring = measureLoopDelay((ms) => this.#exposition.loopDelayed(ms), clock);
  }

  /** A pass over the clients is through. */
  passed(durationMs: number, waitedMs: number): void {
    this.#exposition.passed(durationMs, waitedMs);
  }

  /** Linear in the number of clients, in slices. */
  async page(format: ExpositionFormat): Promise<string> {
    return await this.#exposition.write(await this.#sources.server(), this.#sources.listeners(), format);
  }

  stop(): void {
    this.#stopMeasuring();
  }
}
