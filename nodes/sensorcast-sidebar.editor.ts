import { Cockpit } from "./lib/sidebar/cockpit.editor";
import { word } from "./lib/sidebar/words.editor";

/** The node set that this script comes with, and goes with. */
const NODE_SET = "@sensorcast/node-red-udp-websocket/ws-broadcast-server";
const TAB = "sensorcast";
const INTERVAL_MS = 1000;

/** Adds the tab. @returns takes it away again */
function addTab(): () => void {
  const cockpit = new Cockpit();
  RED.sidebar.addTab({
    id: TAB,
    label: word("name"),
    name: word("name"),
    content: cockpit.element,
    iconClass: "fa fa-podcast",
    enableOnEdit: true,
    // Else Node-RED 4 has it in a menu only.
    pinned: true,
    action: "sensorcast:show-sidebar",
  });
  RED.actions.add("sensorcast:show-sidebar", () => RED.sidebar.show(TAB));
  let isAsking = false;
  const timer = setInterval(async () => {
    if (isAsking || !cockpit.isVisible) return;
    isAsking = true;
    await cockpit.refresh();
    isAsking = false;
  }, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    RED.actions.remove("sensorcast:show-sidebar");
    RED.sidebar.removeTab(TAB);
  };
}

let removeTab: (() => void) | undefined = addTab();

function onEnabled({ id }: { id: string }): void {
  if (id === NODE_SET) removeTab ??= addTab();
}

function onDisabled({ id }: { id: string }): void {
  if (id !== NODE_SET) return;
  removeTab?.();
  removeTab = undefined;
}

/** Installed again, the package brings this script anew. */
function onRemoved(set: { id: string }): void {
  if (set.id !== NODE_SET) return;
  onDisabled(set);
  RED.events.off("registry:node-set-enabled", onEnabled);
  RED.events.off("registry:node-set-disabled", onDisabled);
  RED.events.off("registry:node-set-removed", onRemoved);
}

RED.events.on("registry:node-set-enabled", onEnabled);
RED.events.on("registry:node-set-disabled", onDisabled);
RED.events.on("registry:node-set-removed", onRemoved);
