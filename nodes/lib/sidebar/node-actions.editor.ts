import { notify } from "../editor/parts/ask.editor";
import { may } from "./api.editor";
import { button } from "./dom.editor";
import { word } from "./words.editor";

/** No dialog takes longer to open. */
const OPENING_MS = 5000;

/** A button that puts a text on the clipboard. */
export function copyButton(text: () => string): HTMLButtonElement {
  const copy = button("", () => RED.clipboard.copyText(text(), $(copy)));
  const icon = document.createElement("i");
  icon.className = "fa fa-copy";
  copy.append(icon);
  copy.title = word("copy");
  copy.setAttribute("aria-label", word("copy"));
  return copy;
}

/** Selects a node on the canvas; of a config node, those that use it. */
export function selectOnCanvas(id: string): void {
  const node = RED.nodes.node(id);
  if (node === null || node === undefined || document.querySelector(".red-ui-tray") !== null) return;
  const shown = node.type === "ws-broadcast-server" ? ((node.users ?? []) as EditorNode[]) : [node];
  const [first] = shown;
  if (first === undefined) return;
  RED.view.reveal(first.id);
  RED.view.select({ nodes: shown.filter(({ z }) => z === first.z) });
}

/** Shows a node where it is, on the canvas; a config node in its dialog. */
export function reveal(id: string): void {
  const node = RED.nodes.node(id);
  if (node === null || node === undefined) return;
  if (node.type === "ws-broadcast-server") RED.editor.editConfig("", node.type, id);
  else RED.view.reveal(id);
}

/**
 * Adds an item to a list of a node in the editor, as the user would in its dialog: it counts from the next deploy on, and can
 * be undone.
 */
export function allow(id: string, property: "allow" | "origins", item: string): void {
  const node = RED.nodes.node(id);
  if (node === null || node === undefined) return;
  if (document.querySelector(".red-ui-tray") !== null) {
    notify(word("close-dialog"), "warning");
    return;
  }
  const saved = node[property] ?? [];
  if (!Array.isArray(saved)) {
    notify(word("not-a-list"), "warning");
    return;
  }
  if (!saved.includes(item)) {
    const { changed } = node;
    RED.history.push({
      t: "edit",
      node,
      changes: { [property]: saved },
      changed: Boolean(changed),
      dirty: RED.nodes.dirty(),
    });
    node[property] = [...saved, item];
    node.changed = true;
    node.dirty = true;
    RED.editor.validateNode(node);
    RED.nodes.dirty(true);
    RED.view.redraw();
  }
  notify(word("allowed", { item }), "success");
}

/** Opens the dialog of a server where its tokens are. */
export function showTokens(id: string): void {
  if (RED.nodes.node(id)?.type !== "ws-broadcast-server") return;
  reveal(id);
  const tab = () => document.getElementById("ws-broadcast-server-security-tab");
  // The dialog is filled while it slides in.
  const observer = new MutationObserver(() => {
    if (tab() === null) return;
    observer.disconnect();
    tab()?.click();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), OPENING_MS);
}

/** A button that allows what was refused; none for a user who may not change flows. */
export function allowButton(text: string, press: () => void): HTMLElement[] {
  return may("flows.write") ? [button(text, press)] : [];
}
