import { type Clock, systemClock } from "../time/clock";
import type { DatagramCounts } from "./counters";
import { DatagramPipeline, type PipelineConfig } from "./datagram-pipeline";
import type { ReadingMessage, RejectedMessage, SenderMessage } from "./reading-message";
import { FailureReports } from "./reports/failure-reports";
import { RateStatus, type Status } from "./reports/rate-status";
import { RejectLog } from "./reports/reject-log";
import { TopicSilence } from "./reports/topic-silence";
import { clampWarning } from "./socket/receive-buffer";
import type { SocketLease, SocketRequest } from "./socket/socket-lease";
import type { SocketPool } from "./socket/socket-pool";

export interface SensorInputConfig extends PipelineConfig, SocketRequest {
  /** Whether rejected datagrams are handed on. */
  readonly rejects: boolean;
  /** Seconds after which a silent topic counts as offline; 0: never. */
  readonly offlineAfter: number;
}

/** What a node of Node-RED does for its input. */
export interface SensorInputPort {
  reading(message: ReadingMessage): void;
  /** What is not a reading. */
  notice(message: RejectedMessage | SenderMessage): void;
  status(status: Status): void;
  warn(line: string): void;
  error(message: string, code: string): void;
}

/** Everything counted since the input was started. On Linux, what a sender on the same host sent = received + kernelDrops. */
export interface SensorInputStats extends DatagramCounts {
  /** Datagrams that the kernel dropped; `null`: not known. */
  readonly kernelDrops: number | null;
  /** Bytes; nothing is granted as long as no socket is bound. */
  readonly receiveBuffer: { readonly asked: number; readonly granted: number | null };
}

/** One node's share of a socket and what becomes of the datagrams there. Receives from its making on, until it is stopped. */
export class SensorInput {
  readonly #listener: DatagramPipeline;
  readonly #hold: SocketLease;
  readonly #status: RateStatus;
  readonly #failures: FailureReports;
  readonly #rejectLog: RejectLog;
  readonly #watch: TopicSilence | undefined;
  #granted: number | null = null;

  constructor(
    private readonly config: SensorInputConfig,
    private readonly port: SensorInputPort,
    pool: SocketPool,
    clock: Clock = systemClock,
  ) {
    const { offlineAfter } = config;
    this.#status = new RateStatus(
      (status) => port.status(status),
      clock,
      () => this.#hold.kernelDrops(),
    );
    this.#failures = new FailureReports(
      { show: ({ brief }) => this.#status.failed(brief), report: ({ message, code }) => port.error(message, code) },
      clock,
    );
    this.#rejectLog = new RejectLog((line) => port.warn(line), clock);
    const report = (payload: SenderMessage["payload"]) => this.#notice({ payload, topic: payload.topic });
    this.#watch = offlineAfter > 0 ? new TopicSilence(offlineAfter * 1000, report, clock) : undefined;
    this.#listener = new DatagramPipeline(
      config,
      {
        reading: (message) => this.#reading(message),
        rejected: (message) => this.#rejected(message),
        failed: (error) => this.#sendFailed(error),
      },
      clock,
    );
    this.#hold = pool.hold(config, {
      datagram: (bytes, sender) => {
        this.#status.datagram(sender.address);
        this.#listener.datagram(bytes, sender);
      },
      bound: ({ granted }) => this.#bound(granted),
      failed: (failure) => this.#failures.add(failure),
    });
  }

  stats(): SensorInputStats {
    const receiveBuffer = { asked: this.config.receiveBuffer, granted: this.#granted };
    return { ...this.#listener.counts(), kernelDrops: this.#hold.kernelDrops() ?? null, receiveBuffer };
  }

  /** Resolves once the port is free, or at once if others still hold it. */
  stop(): Promise<void> {
    this.#status.stop();
    this.#failures.stop();
    this.#rejectLog.stop();
    this.#watch?.stop();
    return this.#hold.release();
  }

  #reading(message: ReadingMessage): void {
    this.#watch?.heard(message.topic, message.ip);
    this.port.reading(message);
  }

  #rejected(message: RejectedMessage): void {
    this.#status.rejected();
    this.#rejectLog.add(message);
    if (this.config.rejects) this.port.notice(message);
  }

  #notice(message: SenderMessage): void {
    try {
      this.port.notice(message);
    } catch (error) {
      this.#sendFailed(error);
    }
  }

  #sendFailed(error: unknown): void {
    this.port.error(`a message could not be sent: ${String(error)}`, "SEND_FAILED");
  }

  #bound(granted: number): void {
    const warning = this.#granted === null ? clampWarning(this.config.receiveBuffer, granted) : undefined;
    this.#granted = granted;
    this.#failures.clear();
    this.#status.listening(this.config.port);
    if (warning !== undefined) this.port.warn(warning);
  }
}
