import type { Sentence } from "../text/sentence";

/** What stands below a node on the canvas. There is room for some 20 characters. */
export interface StatusLine {
  readonly fill: "green" | "yellow" | "red" | "grey";
  readonly shape: "dot" | "ring";
  readonly text: Sentence;
}
