import type { StatusLine } from "../../node/status-line";
import { type MessageKey, type Sentence, sentence } from "../../text/sentence";
import { type Clock, systemClock } from "../../time/clock";
import { Throttle } from "../../time/throttle";
import type { BroadcastServer } from "../broadcast-server";
import { RecentRefusals } from "./recent-refusals";

const INTERVAL_MS = 1000;

export const BAD_CONFIGURATION: StatusLine = unwell("publish.status-bad-configuration");

/** Reasons why a server cannot be reached, in words that fit a status. */
const BRIEFLY: Partial<Record<MessageKey, MessageKey>> = {
  "endpoint.no-web-server": "publish.status-no-web-server",
  "endpoint.no-http-root": "publish.status-no-http-root",
  "endpoint.path-taken": "publish.status-path-taken",
  "endpoint.tls-unusable": "publish.status-tls-unusable",
  "endpoint.port-in-use": "publish.status-port-in-use",
  "endpoint.port-forbidden": "publish.status-port-forbidden",
  "endpoint.not-our-address": "publish.status-not-our-address",
  "endpoint.port-failed": "publish.status-port-failed",
};

/** Shows how a server is doing below a node that publishes through it: at once, when told to, and at most once a second. */
export class BroadcastStatus {
  readonly #server: BroadcastServer | undefined;
  readonly #throttle: Throttle;
  readonly #refusals: RecentRefusals;

  constructor(server: BroadcastServer | undefined, show: (line: StatusLine) => void, clock: Clock = systemClock) {
    this.#server = server;
    this.#throttle = new Throttle(INTERVAL_MS, () => show(this.#line()), clock);
    this.#refusals = new RecentRefusals(
      () => refusedBy(server),
      () => this.#throttle.request(),
      clock,
    );
    this.#throttle.request();
  }

  /** Something happened at the server. */
  update(event: { readonly event: string }): void {
    if (event.event === "refused") this.#refusals.add();
    this.#throttle.request();
  }

  stop(): void {
    this.#throttle.stop();
    this.#refusals.stop();
  }

  #line(): StatusLine {
    if (this.#server === undefined) return unwell("publish.status-no-server");
    const { unreachableReason, clientCount: clients } = this.#server;
    if (unreachableReason !== undefined) return unwell(briefly(unreachableReason));
    if (clients > 0) {
      const text =
        clients === 1 ? sentence("publish.status-one-client") : sentence("publish.status-clients", { clients });
      return { fill: "green", shape: "dot", text };
    }
    const refused = this.#refusals.count;
    if (refused > 0) return { fill: "yellow", shape: "ring", text: sentence("publish.status-refused", { refused }) };
    return { fill: "grey", shape: "dot", text: sentence("publish.status-clients", { clients }) };
  }
}

function unwell(text: MessageKey): StatusLine {
  return { fill: "red", shape: "ring", text: sentence(text) };
}

/** The reason may be wrapped in a sentence that says what to do about it. */
function briefly({ key, values }: Sentence): MessageKey {
  const brief = BRIEFLY[key];
  if (brief !== undefined) return brief;
  const [inner] = Object.values(values).filter((value) => typeof value === "object");
  return inner === undefined ? "publish.status-not-reachable" : briefly(inner);
}

function refusedBy(server: BroadcastServer | undefined): number {
  return Object.values(server?.counts().refused ?? {}).reduce((sum, refused) => sum + refused, 0);
}
