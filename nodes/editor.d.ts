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
  credentials?: Record<string, { type: "text" | "password" }>;
  inputs?: number;
  outputs?: number;
  align?: "left" | "right";
  paletteLabel?: string;
  label?(this: EditorNode): string;
  labelStyle?(this: EditorNode): string;
  inputLabels?(this: EditorNode, index: number): string;
  outputLabels?(this: EditorNode, index: number): string;
  oneditprepare?(this: EditorNode): void;
  oneditsave?(this: EditorNode): boolean | undefined;
  oneditcancel?(this: EditorNode): void;
  oneditresize?(this: EditorNode, size: { width: number; height: number }): void;
}

declare const RED: {
  nodes: {
    registerType(type: string, definition: EditorNodeType): void;
    node(id: string): EditorNode | null;
    getType(type: string): { _: EditorNode["_"] } | undefined;
    eachConfig(visit: (node: EditorNode) => boolean | undefined): void;
  };
  settings: { httpNodeRoot: string; [setting: string]: unknown };
  notify(message: string, options?: string | { type?: string; timeout?: number }): void;
};
