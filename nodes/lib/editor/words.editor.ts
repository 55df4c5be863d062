import type { Translate } from "../text/sentence";

/** How the editor says a message of a node type's catalogue; known to it as soon as the type is registered. */
export function wordsOf(type: string): Translate {
  return (key, values) => RED.nodes.getType(type)?._(key, values) ?? key;
}
