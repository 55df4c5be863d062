import { type DefaultsOf, editorDefaults } from "./lib/config/editor-defaults";
import { entered } from "./lib/editor/dialog.editor";
import { ListenerDialog } from "./lib/editor/listener-dialog.editor";
import { wordsOf } from "./lib/editor/parts/words.editor";
import { fields, rules } from "./udp-sensor-in.config";

const TYPE = "udp-sensor-in";
const translate = wordsOf(TYPE);
const defaults = editorDefaults(fields, { type: TYPE, translate, rules, entered });

/** That which is open; there is only one at a time. */
let dialog: ListenerDialog | undefined;

RED.nodes.registerType("udp-sensor-in", {
  category: "network",
  color: "#87c6c1",
  icon: "udp-sensor-in.svg",
  paletteLabel: "udp sensors",
  inputs: 0,
  outputs: 1,
  // One by one, for the palette and the flow library read the names as text.
  defaults: {
    name: { value: "" },
    port: defaults.port,
    address: defaults.address,
    family: defaults.family,
    groups: defaults.groups,
    format: defaults.format,
    csvColumns: defaults.csvColumns,
    csvSeparator: defaults.csvSeparator,
    csvHeader: defaults.csvHeader,
    csvDecimal: defaults.csvDecimal,
    influxPrecision: defaults.influxPrecision,
    structTemplate: defaults.structTemplate,
    timeField: defaults.timeField,
    topic: defaults.topic,
    allow: defaults.allow,
    maxRate: defaults.maxRate,
    maxReadings: defaults.maxReadings,
    maxBytes: defaults.maxBytes,
    receiveBuffer: defaults.receiveBuffer,
    queueBytes: defaults.queueBytes,
    every: defaults.every,
    conflate: defaults.conflate,
    offlineAfter: defaults.offlineAfter,
    rejects: defaults.rejects,
    outputs: { value: 1 },
  } satisfies DefaultsOf<typeof fields>,
  label() {
    return this.name || `udp ${this.port}`;
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels(index) {
    return this._(`udp-sensor-in.output.${index === 0 ? "readings" : "other"}`);
  },
  oneditprepare() {
    dialog = new ListenerDialog(this, fields, translate);
  },
  oneditsave() {
    this.structTemplate = dialog?.record() ?? this.structTemplate;
    return undefined;
  },
});
