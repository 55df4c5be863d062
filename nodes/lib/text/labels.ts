import type { Translate } from "./sentence";

const MODULE = "@sensorcast/node-red-udp-websocket";
const OF_TYPE = /^([\w-]+)\.label\./;

/**
 * Node-RED keeps a catalogue for each node type, with the labels of its dialog. With this, they are known wherever a sentence
 * is said.
 * @param translate `RED._`
 */
export function withLabels(translate: Translate): Translate {
  return (key, values) => {
    const [, type] = OF_TYPE.exec(key) ?? [];
    return translate(type === undefined ? key : `${MODULE}/${type}:${key}`, values);
  };
}
