import { PropertyError } from "../../config/errors";
import type { StatusLine } from "../../node/status-line";
import { inEnglish, type MessageKey, type Sentence, sentence } from "../../text/sentence";
import { type Clock, systemClock } from "../../time/clock";
import { Throttle } from "../../time/throttle";
import type { BroadcastServer } from "../broadcast-server";
import type { PublishTarget } from "./publisher";
import { RecentRefusals } from "./recent-refusals";

const INTERVAL_MS = 1000;

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

/** Why clients are refused, in a word, by how the keys of the reasons begin. */
const WHY_REFUSED: readonly (readonly [start: string, why: MessageKey])[] = [
  ["access.", "publish.why-token"],
  ["admission.origin-", "publish.why-origin"],
  ["admission.address-", "publish.why-address"],
  ["admission.too-many-clients", "publish.why-address"],
  ["admission.full", "publish.why-full"],
  ["admission.too-many-attempts", "publish.why-rate"],
  ["admission.topics-", "publish.why-topics"],
  ["admission.too-many-", "publish.why-topics"],
  ["admission.filter-", "publish.why-topics"],
  ["guards.", "publish.why-login"],
];

/** What the configuration of a node does not accept. */
export function badConfiguration(problem: PropertyError): StatusLine {
  return unwell(sentence("publish.status-bad-property", { property: problem.label }));
}

/** Shows how a server is doing below a node that publishes through it: at once, when told to, and at most once a second. */
export class BroadcastStatus {
  readonly #target: PublishTarget | undefined;
  readonly #server: BroadcastServer | undefined;
  readonly #throttle: Throttle;
  readonly #refusals: RecentRefusals;

  readonly #show: (line: StatusLine) => void;
  #shown = "";

  /** @param target `undefined`: no server is chosen */
  constructor(target: PublishTarget | undefined, show: (line: StatusLine) => void, clock: Clock = systemClock) {
    const server = target?.broadcast;
    this.#target = target;
    this.#server = server;
    this.#show = show;
    this.#throttle = new Throttle(INTERVAL_MS, () => this.#refresh(), clock);
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

  /** A reading was published: somebody may want it, or nobody. */
  published(): void {
    this.#throttle.request();
  }

  stop(): void {
    this.#throttle.stop();
    this.#refusals.stop();
  }

  /** Every status travels to every open editor. */
  #refresh(): void {
    const line = this.#line();
    const key = `${line.fill} ${line.shape} ${inEnglish(line.text)}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#show(line);
  }

  #line(): StatusLine {
    if (this.#server === undefined) return unwell(whyNoServer(this.#target));
    const { unreachableReason, clientCount: clients, inspector } = this.#server;
    if (unreachableReason !== undefined) return unwell(sentence(briefly(unreachableReason)));
    if (clients > 0 && inspector.isUnwanted) {
      return { fill: "yellow", shape: "dot", text: sentence("publish.status-unwanted", { clients }) };
    }
    if (clients > 0) {
      const text =
        clients === 1 ? sentence("publish.status-one-client") : sentence("publish.status-clients", { clients });
      return { fill: "green", shape: "dot", text };
    }
    const refused = this.#refusals.count;
    if (refused === 0) return { fill: "grey", shape: "ring", text: sentence("publish.status-nobody") };
    const [last] = inspector.refusals();
    const values = {
      refused: refused < 1000 ? refused : `${Math.floor(refused / 1000)}k`,
      why: whyRefused(last?.reason),
    };
    return { fill: "yellow", shape: "ring", text: sentence("publish.status-refused", values) };
  }
}

function unwell(text: Sentence): StatusLine {
  return { fill: "red", shape: "ring", text };
}

function whyNoServer(target: PublishTarget | undefined): Sentence {
  if (target?.problem === undefined) return sentence("publish.status-no-server");
  const { problem } = target;
  if (problem instanceof PropertyError) return badConfiguration(problem).text;
  return sentence("publish.status-bad-access");
}

function whyRefused(reason: Sentence | undefined): Sentence {
  const [, why] = WHY_REFUSED.find(([start]) => reason?.key.startsWith(start)) ?? [];
  return sentence(why ?? "publish.why-request");
}

/** The reason may be wrapped in a sentence that says what to do about it. */
function briefly({ key, values }: Sentence): MessageKey {
  const brief = BRIEFLY[key];
  if (brief !== undefined) return brief;
  const [inner] = Object.values(values).filter((value) => typeof value === "object" && "key" in value);
  return inner === undefined ? "publish.status-not-reachable" : briefly(inner);
}

function refusedBy(server: BroadcastServer | undefined): number {
  return Object.values(server?.counts().refused ?? {}).reduce((sum, refused) => sum + refused, 0);
}
