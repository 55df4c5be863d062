import type { Sentence } from "../text/sentence";
import type { Counts } from "./hub/counts";
import type { Mode } from "./hub/subscription";

/** A client as it is shown to a flow. Never holds the text of its token. */
export interface ClientInfo extends Counts {
  /** Id of the client: a reading with this `msg.client` goes to it alone. */
  readonly client: string;
  readonly address: string;
  /** Name of its token, or subject of its JSON Web Token. */
  readonly token?: string;
  /** Its topic filters; empty: every topic. */
  readonly topics: readonly string[];
  readonly mode: Mode;
  /** When it connected, in ms since the epoch. */
  readonly since: number;
  /** Texts that it sent, such as keepalives: they have no effect. */
  readonly ignored: number;
  /** The process that served it has ended: the counts are those of some time before, and nobody knows the others. */
  readonly unknown?: boolean;
}

/** What happens at a server, besides readings. */
export type ServerEvent =
  | ({ readonly event: "connected" | "slow" | "recovered" } & ClientInfo)
  | ({ readonly event: "left"; readonly code: number; readonly reason: string } & ClientInfo)
  | { readonly event: "refused"; readonly address: string; readonly status: number; readonly reason: string }
  /** The server cannot be reached for this reason; `undefined`: it can again. */
  | { readonly event: "reachability"; readonly unreachableReason: Sentence | undefined };

export type Watcher = (event: ServerEvent) => void;
