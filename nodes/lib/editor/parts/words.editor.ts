import type { Translate } from "../../text/sentence";

const LABEL = /^([\w-]+)\.label\./;

/** How the editor says a message of a node type's catalogue, and labels of any; known to it as soon as the type is registered. */
export function wordsOf(type: string): Translate {
  return (key, values) => {
    const [, other = type] = LABEL.exec(key) ?? [];
    return RED.nodes.getType(other)?._(key, values) ?? key;
  };
}
