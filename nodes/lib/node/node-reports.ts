import { type Translate, translated } from "../text/sentence";
import type { UserError } from "../text/user-error";
import type { StatusLine } from "./status-line";

/** As much of a node as is told of here. */
export interface ReportingNode {
  status(status: { fill: StatusLine["fill"]; shape: StatusLine["shape"]; text: string }): void;
  error(message: string, about: { code: string }): void;
}

/** Says a node's status and errors in the language of its user. */
export class NodeReports {
  readonly #node: ReportingNode;
  readonly #translate: Translate;

  /** @param translate `RED._` */
  constructor(node: ReportingNode, translate: Translate) {
    this.#node = node;
    this.#translate = translate;
  }

  status({ fill, shape, text }: StatusLine): void {
    this.#node.status({ fill, shape, text: translated(text, this.#translate) });
  }

  /** With the error's code as a message: `catch` nodes hear only of errors that come with one. */
  error(error: UserError): void {
    this.#node.error(error.translated(this.#translate), { code: error.code });
  }
}
