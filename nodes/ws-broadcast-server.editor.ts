import { editorDefaults } from "./lib/config/editor-defaults";
import { fields } from "./ws-broadcast-server.config";

RED.nodes.registerType("ws-broadcast-server", {
  category: "config",
  defaults: { name: { value: "" }, ...editorDefaults(fields) },
  label() {
    return this.name || String(this.path);
  },
});
