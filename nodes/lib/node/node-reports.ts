import { type Translate, translated } from "../text/sentence";
import { translatedError } from "../text/translated-error";
import type { UserError } from "../text/user-error";
import { type Clock, systemClock } from "../time/clock";
import { FromNextTurn } from "../time/from-next-turn";
import type { StatusLine } from "./status-line";

/** As much of a node as is told of here. */
export interface ReportingNode {
  status(status: { fill: StatusLine["fill"]; shape: StatusLine["shape"]; text: string }): void;
  error(error: Error, about: { code: string }): void;
}

/** There is no more room below a node. */
const MAX_STATUS_CHARACTERS = 20;

/**
 * Says a node's status and errors in the language of its user. Nothing that a constructor reports is said at once: while a
 * flow starts, the nodes that catch errors and watch statuses do not exist yet.
 */
export class NodeReports {
  readonly #node: ReportingNode;
  readonly #translate: Translate;
  readonly #started: FromNextTurn;

  /** To be made in the node's constructor. @param translate `RED._` */
  constructor(node: ReportingNode, translate: Translate, clock: Clock = systemClock) {
    this.#node = node;
    this.#translate = translate;
    this.#started = new FromNextTurn(clock);
  }

  status({ fill, shape, text }: StatusLine): void {
    this.#started.run(() => this.#node.status({ fill, shape, text: cut(translated(text, this.#translate)) }));
  }

  /** With the error's code as a message: `catch` nodes hear only of errors that come with one. */
  error(error: UserError): void {
    this.#started.run(() => this.#node.error(translatedError(error, this.#translate), { code: error.code }));
  }
}

function cut(text: string): string {
  return text.length > MAX_STATUS_CHARACTERS ? `${text.slice(0, MAX_STATUS_CHARACTERS - 1)}…` : text;
}
