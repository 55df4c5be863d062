/** The part of Node-RED's editor that our `*.editor.ts` use. Source: Node-RED 4.1 and 5.0, `editor-client/src/js`. */
interface EditorNode {
  id: string;
  type: string;
  name: string;
  _(key: string, substitutions?: Record<string, unknown>): string;
  [property: string]: unknown;
}

interface EditorNodeType {
  category: string;
  color?: string;
  icon?: string;
  defaults: Record<string, { value: unknown; type?: string; required?: boolean; validate?: unknown }>;
  credentials?: Record<string, { type: "text" | "password"; validate?: unknown }>;
  inputs?: number;
  outputs?: number;
  align?: "left" | "right";
  paletteLabel?: string;
  label?(this: EditorNode): string;
  labelStyle?(this: EditorNode): string;
  inputLabels?(this: EditorNode, index: number): string;
  outputLabels?(this: EditorNode, index: number): string;
  /** Dropped from the palette or pasted. */
  onadd?(this: EditorNode): void;
  oneditprepare?(this: EditorNode): void;
  oneditsave?(this: EditorNode): boolean | undefined;
  oneditcancel?(this: EditorNode): void;
  oneditresize?(this: EditorNode, size: { width: number; height: number }): void;
}

declare const RED: {
  nodes: {
    registerType(type: string, definition: EditorNodeType): void;
    node(id: string): EditorNode | null | undefined;
    getType(type: string): { _: EditorNode["_"]; defaults: EditorNodeType["defaults"] } | undefined;
    /** A new one. */
    id(): string;
    add(node: object): void;
    /** @param state makes it so */
    dirty(state?: boolean): boolean;
    eachConfig(visit: (node: EditorNode) => boolean | undefined): void;
  };
  settings: { httpNodeRoot: string; [setting: string]: unknown };
  clipboard: { copyText(text: string, element?: JQuery, message?: string): boolean };
  editor: { validateNode(node: object): boolean; editConfig(name: string, type: string, id: string): void };
  history: {
    push(
      event:
        | { t: "add"; nodes: string[]; dirty: boolean }
        | { t: "edit"; node: EditorNode; changes: Record<string, unknown>; changed: boolean; dirty: boolean },
    ): void;
  };
  view: { reveal(id: string): void; select(selection: { nodes: EditorNode[] }): void; redraw(): void };
  sidebar: {
    addTab(tab: {
      id: string;
      label: string;
      name: string;
      content: HTMLElement;
      iconClass: string;
      enableOnEdit: boolean;
      pinned: boolean;
      action: string;
    }): void;
    removeTab(id: string): void;
    show(id: string): void;
  };
  actions: { add(name: string, run: () => void): void; remove(name: string): void };
  events: {
    on(event: string, listener: (about: { id: string }) => void): void;
    off(event: string, listener: (about: { id: string }) => void): void;
  };
  user: { hasPermission(permission: string): boolean };
  /** A text is taken for HTML. */
  notify(message: JQuery, options: EditorNotification): { close(): void };
  /** Says a message of the catalogue that its key names before a colon. */
  _(key: string, values?: Record<string, string | number>): string;
};

interface EditorNotification {
  type?: "error" | "warning" | "success" | "compact";
  timeout?: number;
  modal?: boolean;
  fixed?: boolean;
  buttons?: { text: string; class?: string; click(): void }[];
}
