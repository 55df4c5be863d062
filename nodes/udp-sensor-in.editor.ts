import { editorDefaults } from "./lib/config/editor-defaults";
import { fields } from "./udp-sensor-in.config";

RED.nodes.registerType("udp-sensor-in", {
  category: "network",
  color: "#87c6c1",
  icon: "udp-sensor-in.svg",
  inputs: 0,
  outputs: 1,
  defaults: { name: { value: "" }, ...editorDefaults(fields), outputs: { value: 1 } },
  label() {
    return this.name || `udp ${this.port}`;
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels(index) {
    return this._(`udp-sensor-in.output.${index === 0 ? "readings" : "rejected"}`);
  },
  oneditprepare() {
    // A flow file may leave out any property, but the editor would save its empty field instead of the default.
    for (const [property, { default: value }] of Object.entries(fields)) {
      if (this[property] === undefined) $(`#node-input-${property}`).val(String(value));
    }
    // The list is saved as an array, so its text field has an id that the editor does not save by itself.
    $("#udp-sensor-in-groups").val([this.groups ?? []].flat().join(", "));
    $("#node-input-rejects").on("change", function () {
      $("#node-input-outputs").val($(this).is(":checked") ? 2 : 1);
    });
  },
  oneditsave() {
    const groups = String($("#udp-sensor-in-groups").val());
    this.groups = groups.split(/[\s,]+/).filter((group) => group !== "");
    return undefined;
  },
});
