import { type DefaultsOf, editorDefaults } from "./lib/config/editor-defaults";
import { showCounters } from "./lib/editor/datagram-counters.editor";
import { Dialog, entered } from "./lib/editor/dialog.editor";
import { StructTable } from "./lib/editor/struct-table.editor";
import { DialogTabs } from "./lib/editor/tabs.editor";
import { wordsOf } from "./lib/editor/words.editor";
import type { SavedStructField } from "./lib/udp/decoders/struct-template";
import { fields, rules } from "./udp-sensor-in.config";

const TYPE = "udp-sensor-in";
const defaults = editorDefaults(fields, { type: TYPE, translate: wordsOf(TYPE), rules, entered });

/** That of the dialog which is open; there is only one at a time. */
let structTable: StructTable | undefined;

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
    new Dialog(this, "node-input", { fields, parts: { structTemplate: () => structTable?.fields() } });
    structTable = new StructTable($("#udp-sensor-in-structTemplate"), (key) => this._(`udp-sensor-in.struct.${key}`));
    if (Array.isArray(this.structTemplate)) structTable.show(this.structTemplate as SavedStructField[]);
    $("#node-input-format").on("change", function () {
      const format = String($(this).val());
      $("#dialog-form [data-formats]").each(function () {
        $(this).toggle(($(this).attr("data-formats") ?? "").split(" ").includes(format));
      });
    });
    $("#node-input-rejects, #node-input-offlineAfter").on("change", () => {
      const isNeverOffline = ["", "0"].includes(String($("#node-input-offlineAfter").val()).trim());
      $("#node-input-outputs").val($("#node-input-rejects").is(":checked") || !isNeverOffline ? 2 : 1);
    });
    new DialogTabs(
      $(`#${TYPE}-tabs`),
      ["receive", "decode", "limits"].map((tab) => ({ id: `${TYPE}-${tab}`, label: this._(`${TYPE}.tab.${tab}`) })),
    );
    showCounters($("#udp-sensor-in-arrivals"), this);
  },
  oneditsave() {
    this.structTemplate = structTable?.fields() ?? this.structTemplate;
    return undefined;
  },
});
