import { editorDefaults } from "./lib/config/editor-defaults";
import { fields } from "./ws-broadcast-out.config";

RED.nodes.registerType("ws-broadcast-out", {
  category: "network",
  color: "#87c6c1",
  icon: "ws-broadcast-out.svg",
  align: "right",
  inputs: 1,
  outputs: 0,
  defaults: { name: { value: "" }, ...editorDefaults(fields) },
  label() {
    return this.name || "ws broadcast";
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
});
