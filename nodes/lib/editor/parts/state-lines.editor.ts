import type { NodeState } from "../../cockpit/node-state";
import { type Sentence, type Translate, translated } from "../../text/sentence";

/** How a running node is doing: a dot in a colour, a sentence, and what to check. */
export function stateLines({ level, text, hints }: NodeState, translate: Translate): JQuery {
  const say = (sentence: Sentence): string => translated(sentence, translate);
  const first = $("<div>").append($("<span>", { class: "sensorcast-dot" }), document.createTextNode(say(text)));
  const checks = hints.map((hint) => $("<li>").text(say(hint)));
  return $("<div>", { class: "sensorcast-state" })
    .attr("data-level", level)
    .append(first, ...(checks.length > 0 ? [$("<ul>").append(...checks)] : []));
}
