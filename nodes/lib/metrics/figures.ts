import type { SensorInputStats } from "../udp/sensor-input";
import type { Counts } from "../ws/hub/counts";

/** Of one listener. */
export interface ListenerFigures {
  /** Of its node: whoever edits the flow chooses them, and nobody else. */
  readonly id: string;
  readonly name: string;
  readonly stats: SensorInputStats;
  readonly readings: number;
}

/** Of a server with all its clients, counted at one time. */
export interface ServerFigures {
  readonly published: number;
  readonly topics: number;
  readonly topicsEvicted: number;
  /** Of all clients, those that have left among them. */
  readonly deliveries: Counts;
  /** Connected, by mode. */
  readonly clients: Readonly<Record<"stream" | "latest", number>>;
  /** Readings that each connected client has yet to be sent. */
  readonly lags: readonly number[];
  /** Requests, by HTTP status. */
  readonly refused: Readonly<Record<string, number>>;
  /** In bytes: the readings in the log, the history, and what sockets hold besides. */
  readonly logBytes: number;
  readonly historyBytes: number;
  readonly socketBytes: number;
  /** Processes that send in place of Node-RED. */
  readonly senders: number;
}
