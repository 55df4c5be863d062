import { type DefaultsOf, editorDefaults } from "./lib/config/editor-defaults";
import { defaultServer } from "./lib/editor/default-server.editor";
import { Dialog } from "./lib/editor/dialog.editor";
import { wordsOf } from "./lib/editor/parts/words.editor";
import { ServerBox } from "./lib/editor/server-box.editor";
import { fields } from "./ws-broadcast-out.config";

const TYPE = "ws-broadcast-out";
const translate = wordsOf(TYPE);
const defaults = editorDefaults(fields, { type: TYPE, translate });

RED.nodes.registerType("ws-broadcast-out", {
  category: "network",
  color: "#87c6c1",
  icon: "ws-broadcast-out.svg",
  align: "right",
  // What the palette is searched for: its words are those of the label and of the type.
  paletteLabel: "websocket broadcast",
  inputs: 1,
  outputs: 0,
  // One by one, for the palette and the flow library read the names as text.
  defaults: {
    name: { value: "" },
    server: defaults.server,
    topic: defaults.topic,
    envelope: defaults.envelope,
    events: defaults.events,
    outputs: { value: 0 },
  } satisfies DefaultsOf<typeof fields>,
  label() {
    const server = RED.nodes.node(String(this.server));
    return this.name || (server ? `ws broadcast ${server.path}` : "ws broadcast");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  outputLabels() {
    return this._("ws-broadcast-out.output.events");
  },
  onadd() {
    if (!RED.nodes.node(String(this.server))) this.server = defaultServer();
  },
  oneditprepare() {
    const dialog = new Dialog(this, "node-input", { fields, translate });
    new ServerBox($("#ws-broadcast-out-state"), () => dialog.text("server").replace("_ADD_", ""), translate);
    $("#node-input-events").on("change", function () {
      $("#node-input-outputs").val($(this).is(":checked") ? 1 : 0);
    });
  },
});
