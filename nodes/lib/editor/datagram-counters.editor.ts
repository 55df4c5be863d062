import type { SensorInputStats } from "../udp/sensor-input";

/** Shows what a deployed node has counted so far. A node that does not run has nothing to show. */
export function showCounters(box: JQuery, node: EditorNode): void {
  box.hide();
  $.getJSON(`sensorcast/udp/${node.id}`, (stats: SensorInputStats | undefined) => {
    if (stats === undefined) return;
    box.text(sentenceOf(stats, node)).show();
  });
}

function sentenceOf(
  { received, emitted, rejected, kernelDrops, threadDrops, receiveBuffer }: SensorInputStats,
  node: EditorNode,
) {
  const text = (key: string, values: object) => node._(`udp-sensor-in.counters.${key}`, { ...values });
  const reasons = Object.entries(rejected).filter(([, count]) => count > 0);
  return [
    text("datagrams", { received, emitted }),
    ...reasons.map(([reason, count]) => text("rejected", { reason, number: count })),
    kernelDrops === null ? text("kernelDropsUnknown", {}) : text("kernelDrops", { number: kernelDrops }),
    ...(threadDrops === 0 ? [] : [text("threadDrops", { number: threadDrops })]),
    ...(receiveBuffer.granted === null ? [] : [text("receiveBuffer", { granted: receiveBuffer.granted })]),
  ].join(", ");
}
