import { type Sentence, type Translate, translated } from "../text/sentence";
import { UserError } from "../text/user-error";
import { NodeReports, type ReportingNode } from "./node-reports";

/** As much of a node as owns something that lives on its own. */
export interface OwningNode extends ReportingNode {
  readonly id: string;
  warn(message: string): void;
}

/** A node, as what it owns sees it: somebody to tell of what its user should know. */
export class NodeOwner {
  readonly id: string;
  readonly #node: OwningNode;
  readonly #translate: Translate;
  readonly #reports: NodeReports;

  /** To be made in the node's constructor. @param translate `RED._` */
  constructor(node: OwningNode, translate: Translate) {
    this.id = node.id;
    this.#node = node;
    this.#translate = translate;
    this.#reports = new NodeReports(node, translate);
  }

  warn(warning: Sentence): void {
    this.#node.warn(translated(warning, this.#translate));
  }

  /** @param problem a `UserError`, or an error of our own */
  error(problem: unknown): void {
    if (problem instanceof UserError) this.#reports.error(problem);
    else this.#node.error(problem instanceof Error ? problem : new Error(String(problem)), { code: "INTERNAL" });
  }
}
