import { Counter, Gauge, Histogram, Registry, type RegistryContentType } from "prom-client";
import { REJECT_REASONS } from "../udp/reports/rejection";
import type { ListenerFigures, ServerFigures } from "./figures";

/** `text`: that of Prometheus. */
export type ExpositionFormat = "text" | "openmetrics";

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, RegistryContentType>> = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
};

/** In seconds. A slice of work takes 4 ms at most, so that most of the buckets are around that. */
const DURATION_BUCKETS = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 4];
/** In readings. */
const LAG_BUCKETS = [0, 1, 10, 100, 1000, 10_000, 100_000];

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

interface Description {
  readonly name: string;
  readonly help: string;
}

/** The metrics of one server under their names. Apart from `prom-client`'s own registry, which is of the process. */
export class Exposition {
  readonly #pass = histogram({
    name: "sensorcast_pass_duration_seconds",
    help: "Time that a pass over the clients took, in whichever process, pauses included in which others had the event loop",
  });
  readonly #lag = histogram({
    name: "sensorcast_delivery_lag_seconds",
    help: "Time from when a pass had something to send until each client that was ready had been sent it",
  });
  readonly #loop = histogram({
    name: "sensorcast_event_loop_delay_seconds",
    help: "Time that something which is due waits for Node-RED's event loop, ten times a second",
  });
  readonly #clientLag = histogram(
    {
      name: "sensorcast_client_lag_readings",
      help: "Readings that a client had yet to be sent, each client counted once at each scrape",
    },
    LAG_BUCKETS,
  );

  /** @param waitedMs since there was something to send */
  passed(durationMs: number, waitedMs: number): void {
    this.#pass.observe(durationMs / 1000);
    this.#lag.observe(waitedMs / 1000);
  }

  loopDelayed(ms: number): void {
    this.#loop.observe(ms / 1000);
  }

  /** As text in one of the two formats. */
  async write(server: ServerFigures, listeners: readonly ListenerFigures[], format: ExpositionFormat): Promise<string> {
    for (const lag of server.lags) this.#clientLag.observe(lag);
    // One for each time, since the two formats name counters differently, and a registry changes them to its own.
    const page = new Page(format);
    writeServer(page, server);
    writeListeners(page, listeners);
    for (const each of [this.#clientLag, this.#pass, this.#lag, this.#loop]) page.registry.registerMetric(each);
    return await page.registry.metrics();
  }
}

class Page {
  readonly registry = new Registry<RegistryContentType>();

  constructor(format: ExpositionFormat) {
    this.registry.setContentType(CONTENT_TYPES[format]);
  }

  counter(description: Description, samples: readonly Sample[]): void {
    const counter = new Counter(this.#configured(description, samples));
    for (const { labels = {}, value } of samples) counter.inc(labels, value);
  }

  gauge(description: Description, samples: readonly Sample[]): void {
    const gauge = new Gauge(this.#configured(description, samples));
    for (const { labels = {}, value } of samples) gauge.set(labels, value);
  }

  #configured(description: Description, samples: readonly Sample[]) {
    return { ...description, labelNames: Object.keys(samples[0]?.labels ?? {}), registers: [this.registry] };
  }
}

function writeServer(page: Page, server: ServerFigures): void {
  const { offered, pending, delivered, conflated, dropped } = server.deliveries;
  page.counter({ name: "sensorcast_readings_published_total", help: "Readings that flows have published" }, [
    { value: server.published },
  ]);
  page.counter({ name: "sensorcast_deliveries_offered_total", help: "Readings published for clients, once for each" }, [
    { value: offered },
  ]);
  page.counter(
    {
      name: "sensorcast_deliveries_total",
      help: "Of the deliveries offered, what became of them: with those pending they are all",
    },
    labelled("fate", { delivered, conflated, dropped }),
  );
  page.gauge({ name: "sensorcast_deliveries_pending", help: "Deliveries that are still to be made" }, [
    { value: pending },
  ]);
  page.gauge({ name: "sensorcast_clients", help: "Clients that are connected" }, labelled("mode", server.clients));
  page.counter(
    { name: "sensorcast_refusals_total", help: "Requests that were refused, by HTTP status" },
    labelled("status", server.refused),
  );
  page.gauge({ name: "sensorcast_topics", help: "Topics whose newest reading is kept" }, [{ value: server.topics }]);
  page.counter({ name: "sensorcast_topics_evicted_total", help: "Topics that gave way to others" }, [
    { value: server.topicsEvicted },
  ]);
  page.gauge({ name: "sensorcast_log_bytes", help: "Memory taken by readings in the log" }, [
    { value: server.logBytes },
  ]);
  page.gauge({ name: "sensorcast_history_bytes", help: "Memory taken by the history of topics" }, [
    { value: server.historyBytes },
  ]);
  page.gauge({ name: "sensorcast_socket_bytes", help: "Memory that sockets hold which have not taken what they got" }, [
    { value: server.socketBytes },
  ]);
  page.gauge({ name: "sensorcast_sender_processes", help: "Processes that send in place of Node-RED" }, [
    { value: server.senders },
  ]);
}

function writeListeners(page: Page, listeners: readonly ListenerFigures[]): void {
  if (listeners.length === 0) return;
  const each = (count: (listener: ListenerFigures) => number): Sample[] =>
    listeners.map((listener) => ({ labels: nodeOf(listener), value: count(listener) }));
  page.counter(
    { name: "sensorcast_datagrams_received_total", help: "Datagrams that reached a node" },
    each(({ stats }) => stats.received),
  );
  page.counter(
    {
      name: "sensorcast_datagrams_total",
      help: "What became of datagrams: of those received emitted, conflated or rejected, besides those dropped before",
    },
    listeners.flatMap((listener) =>
      Object.entries(fatesOf(listener)).map(([fate, value]) => ({ labels: { ...nodeOf(listener), fate }, value })),
    ),
  );
  page.gauge(
    { name: "sensorcast_datagrams_pending", help: "Datagrams that wait to be decoded" },
    each(({ stats }) => stats.pending),
  );
  page.counter(
    { name: "sensorcast_readings_received_total", help: "Readings made of datagrams" },
    each(({ readings }) => readings),
  );
}

function fatesOf({ stats }: ListenerFigures): Record<string, number> {
  const rejected = REJECT_REASONS.map((reason) => [`rejected_${reason}`, stats.rejected[reason]]);
  const { emitted, conflated, threadDrops, kernelDrops } = stats;
  return {
    emitted,
    conflated,
    ...Object.fromEntries(rejected),
    dropped_thread: threadDrops,
    ...(kernelDrops !== null && { dropped_kernel: kernelDrops }),
  };
}

function nodeOf({ id, name }: ListenerFigures): Labels {
  return { node: id, name };
}

function labelled(label: string, values: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }));
}

function histogram(description: Description, buckets = DURATION_BUCKETS): Histogram {
  return new Histogram({ ...description, buckets, registers: [] });
}
