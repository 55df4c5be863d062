import { editorDefaults } from "./lib/config/editor-defaults";
import { fields } from "./udp-sensor-in.config";

RED.nodes.registerType("udp-sensor-in", {
  category: "network",
  color: "#87c6c1",
  icon: "udp-sensor-in.svg",
  inputs: 0,
  outputs: 1,
  defaults: { name: { value: "" }, ...editorDefaults(fields) },
  label() {
    return this.name || `udp ${this.port}`;
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
});
