import { editorDefaults } from "./lib/config/editor-defaults";
import { fields } from "./ws-broadcast-out.config";

RED.nodes.registerType("ws-broadcast-out", {
  category: "network",
  color: "#87c6c1",
  icon: "ws-broadcast-out.svg",
  align: "right",
  inputs: 1,
  outputs: 0,
  defaults: { name: { value: "" }, ...editorDefaults(fields), outputs: { value: 0 } },
  label() {
    const server = RED.nodes.node(String(this.server));
    return this.name || (server === null ? "ws broadcast" : `ws broadcast ${server.path}`);
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels() {
    return this._("ws-broadcast-out.output.events");
  },
  oneditprepare() {
    $("#node-input-events").on("change", function () {
      $("#node-input-outputs").val($(this).is(":checked") ? 1 : 0);
    });
  },
});
