import { type DefaultsOf, editorDefaults } from "./lib/config/editor-defaults";
import { showCounters } from "./lib/editor/datagram-counters.editor";
import { StructTable } from "./lib/editor/struct-table.editor";
import type { SavedStructField } from "./lib/udp/decoders/struct-template";
import { fields } from "./udp-sensor-in.config";

const defaults = editorDefaults(fields);

/** Properties that are lists, with the texts of their items in one field. */
const LISTS = { groups: defaults.groups, allow: defaults.allow, csvColumns: defaults.csvColumns };

/** What the field of a list holds now. Names of columns may hold spaces. */
function itemsOf(property: string): string[] {
  const items = String($(`#udp-sensor-in-${property}`).val()).split(property === "csvColumns" ? "," : /[\s,]+/);
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

/** That of the dialog which is open; there is only one at a time. */
let structTable: StructTable | undefined;

RED.nodes.registerType("udp-sensor-in", {
  category: "network",
  color: "#87c6c1",
  icon: "udp-sensor-in.svg",
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
    maxBytes: defaults.maxBytes,
    receiveBuffer: defaults.receiveBuffer,
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
    // A flow file may leave out any property, but the editor would save its empty field instead of the default.
    for (const [property, { default: value }] of Object.entries(fields)) {
      if (this[property] === undefined) $(`#node-input-${property}`).val(String(value));
    }
    for (const [property, check] of Object.entries(LISTS)) {
      // A list is saved as an array, so its text field has an id that the editor does not save by itself.
      const input = $(`#udp-sensor-in-${property}`).val([this[property] ?? []].flat().join(", "));
      input.on("input", () => {
        const verdict = check.validate(itemsOf(property), undefined);
        input.toggleClass("input-error", verdict !== true).attr("title", verdict === true ? "" : verdict);
      });
    }
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
    showCounters($("#udp-sensor-in-counters"), this);
  },
  oneditsave() {
    for (const property of Object.keys(LISTS)) this[property] = itemsOf(property);
    this.structTemplate = structTable?.fields() ?? this.structTemplate;
    return undefined;
  },
});
