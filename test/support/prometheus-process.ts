import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freeTcpPort } from "./free-port";
import { until } from "./until";

const START_TIMEOUT_MS = 30_000;

export const hasPrometheus = spawnSync("prometheus", ["--version"], { stdio: "ignore" }).error === undefined;

/** One line of a graph, at its newest point. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where there is nothing to calculate with. */
  readonly value: number;
}

/** A Prometheus in a process of its own, which remembers nothing. */
export class PrometheusProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #url: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.#url = url;
  }

  /** Resolves once it answers. @param configuration YAML. @throws {Error} if it does not accept that */
  static async start(configuration: string): Promise<PrometheusProcess> {
    const folder = mkdtempSync(join(tmpdir(), "sensorcast-prometheus-"));
    const file = join(folder, "prometheus.yml");
    writeFileSync(file, configuration);
    const address = `127.0.0.1:${await freeTcpPort()}`;
    const parameters = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ];
    const child = spawn("prometheus", [...parameters, "--log.level=error"], { stdio: ["ignore", "ignore", "inherit"] });
    const started = new PrometheusProcess(child, folder, `http://${address}`);
    const isReady = async () => (await fetch(`http://${address}/-/ready`).catch(() => undefined))?.ok === true;
    try {
      await until(
        async () => child.exitCode !== null || (await isReady()),
        "Prometheus does not answer",
        START_TIMEOUT_MS,
      );
      if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}`);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  }

  /** What a graph shows of an expression now. @throws {Error} if Prometheus does not accept it */
  async query(expression: string): Promise<Sample[]> {
    const { result } = await this.#ask<{ result: readonly Vector[] }>("query", { query: expression });
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  /** @param selector such as `sensorcast_clients{job="a"}` */
  labelValues(label: string, selector: string): Promise<string[]> {
    return this.#ask(`label/${label}/values`, { "match[]": selector });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const answer = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string };
    if (status !== "success") throw new Error(`${error} in ${JSON.stringify(parameters)}`);
    return data;
  }
}

interface Vector {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [seconds: number, value: string];
}
