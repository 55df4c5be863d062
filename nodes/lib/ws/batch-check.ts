import { treeOf } from "../mqtt/topic-filter";
import { quote } from "../text/quote";
import { sentence } from "../text/sentence";
import { Refusal } from "./admission/refusal";
import type { Hub } from "./hub/hub";
import type { Topic } from "./hub/log/topic";
import type { Subscription } from "./hub/subscription";

/** For one client that is about to join. */
const MAX_TOPICS_LOOKED_AT = 2048;

/**
 * Whoever wrote a client that wants batches without envelopes is told so when the newest reading of one of its topics is bytes, which
 * JSON can't say. Such readings that are published later are sent by themselves.
 * @returns throws a `Refusal`
 */
export function batchCheck(hub: Hub): (subscription: Subscription) => void {
  return ({ filters, granted = [], envelope, batch = false }) => {
    if (!batch || envelope === true) return;
    const trees = [filters, granted].filter(({ length }) => length > 0).map(treeOf);
    const isAskedFor = ({ levels }: Topic): boolean => trees.every((tree) => tree.matches(levels));
    const topic = hub.newestTopics(MAX_TOPICS_LOOKED_AT).find((topic) => topic.isBytes && isAskedFor(topic));
    if (topic !== undefined) throw new Refusal(400, sentence("admission.batch-binary", { topic: quote(topic.name) }));
  };
}
