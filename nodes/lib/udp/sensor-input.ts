import { ListenerRecord } from "../live/listener-record";
import { type Clock, systemClock } from "../time/clock";
import type { TurnBudget } from "../time/turn-budget";
import type { DatagramCounts } from "./counters";
import { DatagramPipeline, type PipelineConfig, type RejectedDatagram } from "./datagram-pipeline";
import type { Arrival } from "./datagram-queue";
import { Handover, type Stay } from "./handover";
import type { InputPort } from "./input-port";
import type { ReadingMessage, TopicChangeMessage } from "./reading-message";
import { FailureReports } from "./reports/failure-reports";
import { listeningBriefly } from "./reports/listening-place";
import { RateStatus } from "./reports/rate-status";
import { RejectLog } from "./reports/reject-log";
import { TopicSilence } from "./reports/topic-silence";
import { SendFailures } from "./send-failures";
import { clampWarning } from "./socket/receive-buffer";
import type { SocketFailure } from "./socket/socket-failure";
import type { SocketLease, SocketRequest } from "./socket/socket-lease";
import type { SocketPool } from "./socket/socket-pool";

export interface SensorInputConfig extends PipelineConfig, SocketRequest {
  /** Whether rejected datagrams are handed on. */
  readonly rejects: boolean;
  /** Seconds after which a silent topic counts as offline; 0: never. */
  readonly offlineAfter: number;
}

/** What inputs share. */
export interface InputEnvironment {
  readonly pool: SocketPool;
  /** Default: one of its own. */
  readonly budget?: TurnBudget;
  readonly clock?: Clock;
  /** Where one leaves what waits in it to its successor. Default: one of its own, so that there is none. */
  readonly handover?: Handover;
  /** Finds out on which interface a group is joined. Default: that stays unknown. */
  interfaceOf?(listening: { readonly group: string; readonly address: string }): Promise<string | undefined>;
}

/** What an input is given by whoever makes it. */
export interface OwnEnvironment extends InputEnvironment {
  /** Of its node. Default: it is known by nothing but where it listens. */
  readonly id?: string;
}

/** Everything counted since the input was started. On Linux, what a sender on the same host sent = received + kernelDrops + threadDrops. */
export interface SensorInputStats extends DatagramCounts {
  /** Datagrams that the kernel dropped; `null`: not known. */
  readonly kernelDrops: number | null;
  /** Datagrams that the receiver thread had no room for while Node-RED was busy. */
  readonly threadDrops: number;
  /** Bytes; nothing is granted as long as no socket is bound. */
  readonly receiveBuffer: { readonly asked: number; readonly granted: number | null };
}

/** One node's share of a socket, and what becomes of the datagrams there. Receives from its making until it is stopped. */
export class SensorInput {
  readonly config: SensorInputConfig;
  /** What was received, for the editor to show. */
  readonly record: ListenerRecord;
  readonly #port: InputPort;
  readonly #pipeline: DatagramPipeline;
  readonly #leave: Stay["leave"];
  readonly #lease: SocketLease;
  readonly #status: RateStatus;
  readonly #failures: FailureReports;
  readonly #sendFailures: SendFailures;
  readonly #rejectLog: RejectLog;
  readonly #silence: TopicSilence | undefined;
  readonly #interfaceOf: InputEnvironment["interfaceOf"];
  #joinedOn: string | undefined;
  #granted: number | null = null;
  #failure: SocketFailure | undefined;
  #stopped: Promise<void> | undefined;

  constructor(config: SensorInputConfig, port: InputPort, environment: OwnEnvironment) {
    const { pool, clock = systemClock, handover = new Handover({ clock }), id = "" } = environment;
    this.config = config;
    this.#interfaceOf = environment.interfaceOf;
    this.record = new ListenerRecord(clock);
    this.#port = port;
    this.#status = new RateStatus(
      (status) => port.status(status),
      clock,
      () => this.#drops(),
    );
    this.#failures = new FailureReports(
      { show: (brief) => this.#status.failed(brief), report: (error) => port.error(error) },
      clock,
    );
    this.#sendFailures = new SendFailures((error) => port.error(error), clock);
    this.#rejectLog = new RejectLog((line) => port.warn(line), clock);
    this.#silence = this.#watchTopics(clock);
    this.#pipeline = new DatagramPipeline(
      config,
      {
        decoded: (arrival) => this.record.decoded(arrival),
        heard: (message) => this.#heard(message),
        reading: (message) => port.reading(message),
        rejected: (datagram) => this.#rejected(datagram),
        failed: (error) => this.#sendFailures.add(error),
      },
      environment,
    );
    const { inherited, leave } = handover.enter({ request: config, id });
    this.#leave = leave;
    this.#inherit(inherited);
    this.#lease = pool.lease(config, {
      datagram: (bytes, sender, arrival) => {
        this.#status.datagram(sender.address);
        this.#pipeline.datagram(bytes, sender, arrival);
      },
      isBusy: () => this.#pipeline.isBusy,
      bound: ({ granted }) => this.#bound(granted),
      failed: (failure) => {
        this.#failure = failure;
        this.#failures.add(failure, failure.brief);
      },
    });
  }

  stats(): SensorInputStats {
    const receiveBuffer = { asked: this.config.receiveBuffer, granted: this.#granted };
    const kernelDrops = this.#lease.kernelDrops() ?? null;
    return { ...this.#pipeline.counts(), kernelDrops, threadDrops: this.#lease.threadDrops(), receiveBuffer };
  }

  /** Why the socket does not receive, or not all that it should. */
  get failure(): SocketFailure | undefined {
    return this.#failure;
  }

  /** Name of the interface on which its (first) group is joined, if that is known. */
  get joinedOn(): string | undefined {
    return this.#joinedOn;
  }

  /** Leaves what waits in it to its successor. Resolves once the port is free, or at once if others still use it. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  #stop(): Promise<void> {
    this.#leave(this.#pipeline.stop());
    this.#status.stop();
    this.#failures.stop();
    this.#sendFailures.stop();
    this.#rejectLog.stop();
    this.#silence?.stop();
    return this.#lease.release();
  }

  #inherit(arrivals: readonly Arrival[]): void {
    this.#pipeline.inherit(arrivals);
    for (const { sender } of arrivals) this.#status.datagram(sender.address);
  }

  #drops(): number | undefined {
    const thread = this.#lease.threadDrops();
    const kernel = this.#lease.kernelDrops();
    return kernel === undefined && thread === 0 ? undefined : thread + (kernel ?? 0);
  }

  #watchTopics(clock: Clock): TopicSilence | undefined {
    const silenceMs = this.config.offlineAfter * 1000;
    if (silenceMs === 0) return undefined;
    return new TopicSilence({
      silenceMs,
      report: (payload) => this.#topicChanged({ payload, topic: payload.topic }),
      clock,
    });
  }

  #heard(message: ReadingMessage): void {
    this.#status.accepted();
    this.record.heard(message);
    this.#silence?.heard(message.topic, message.ip);
  }

  #rejected(datagram: RejectedDatagram): void {
    this.#status.rejected(datagram.reason);
    this.#rejectLog.add(datagram);
    this.record.reject(datagram);
    if (this.config.rejects) {
      this.#port.notice({ ...datagram, topic: "", error: this.#port.say(datagram.error) });
    }
  }

  #topicChanged(message: TopicChangeMessage): void {
    try {
      this.#port.notice(message);
    } catch (error) {
      this.#sendFailures.add(error);
    }
  }

  #bound(granted: number): void {
    const warning = this.#granted === null ? clampWarning(this.config.receiveBuffer, granted) : undefined;
    this.#granted = granted;
    this.#failure = undefined;
    this.#failures.clear();
    this.#status.listening(listeningBriefly(this.config));
    if (warning !== undefined) this.#port.warn(warning);
    void this.#findInterface();
  }

  async #findInterface(): Promise<void> {
    const [group] = this.config.groups;
    if (group === undefined || this.#interfaceOf === undefined) return;
    const { address } = this.config;
    this.#joinedOn = await this.#interfaceOf({ group, address });
    this.#status.placed(listeningBriefly(this.config, this.#joinedOn));
  }
}
