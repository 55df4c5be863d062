import { deepEqual, equal, match } from "node:assert/strict";
import { editorDefaults } from "../../../nodes/lib/config/editor-defaults";
import { integer, list, nodeReference, type Rule, text } from "../../../nodes/lib/config/fields";

const fields = {
  port: integer({ default: 41234, min: 1, max: 65535 }),
  allow: list({ check: (item) => (item === "bad" ? "good" : undefined) }),
  topic: text({ default: "{sensor}", check: (topic) => (topic.includes("#") ? "without #" : undefined) }),
  server: nodeReference("a-server"),
  tls: nodeReference("tls-config", { required: false }),
};

const LABELS: Record<string, string> = { "a-node.label.port": "Port", "a-node.label.server": "Server" };
const translate = (key: string) => LABELS[key] ?? key;

const rules: Rule<typeof fields>[] = [
  { property: "topic", check: ({ port }) => (port === 80 ? "another one with that port" : undefined) },
];

/** What the editor says about a value of a node that is otherwise as given. */
function verdict(property: "port" | "allow" | "topic", value: unknown, node: Record<string, unknown> = {}): unknown {
  const { entered, ...saved } = node;
  const words = { type: "a-node", translate, rules, ...(entered ? { entered: () => entered as object } : {}) };
  return editorDefaults(fields, words)[property].validate?.call(saved, value, {});
}

describe("the editor's defaults", () => {
  it("are those of the fields", () => {
    const defaults = editorDefaults(fields, { type: "a-node", translate });
    deepEqual(
      Object.values(defaults).map(({ value }) => value),
      [41234, [], "{sensor}", "", ""],
    );
  });

  it("leave config nodes to the editor, which knows whether they are valid", () => {
    const { server, tls } = editorDefaults(fields, { type: "a-node", translate });
    deepEqual([server.type, server.required, server.label, server.validate], ["a-server", true, "Server", undefined]);
    deepEqual([tls.type, tls.required], ["tls-config", false]);
  });

  it("validate as the runtime does, and name the label", () => {
    equal(verdict("port", "41234"), true);
    equal(verdict("port", "0"), 'Port must be a whole number from 1 to 65535, not "0"');
    equal(verdict("allow", "a, bad"), 'allow must be good, not "bad"');
  });

  it("take a missing property for its default", () => equal(verdict("port", undefined), true));

  it("have two parameters, or Node-RED would not show the reason", () => {
    equal(editorDefaults(fields, { type: "a-node", translate }).port.validate?.length, 2);
  });

  it("leave to the runtime what the environment sets, and judge the rest of a list", () => {
    deepEqual([verdict("port", "${PORT}"), verdict("topic", "a/${SITE}/{sensor}")], [true, true]);
    equal(verdict("allow", "${NETS}, 10.0.0.1"), true);
    equal(verdict("allow", ["${NETS}", "bad"]), 'allow must be good, not "bad"');
  });

  it("compare properties with each other, as saved and as entered", () => {
    const said = 'topic must be another one with that port, not "a"';
    equal(verdict("topic", "a", { port: "41234" }), true);
    equal(verdict("topic", "a", { port: "80" }), said);
    equal(verdict("topic", "a", { port: "41234", entered: { port: "80" } }), said);
    equal(verdict("topic", "a", { port: "${PORT}" }), true);
    equal(verdict("topic", "a", { port: "not a port" }), true);
  });

  it("give reasons that are no HTML, wherever the editor shows them", () => {
    const said = String(verdict("port", '<img src="x" onerror="alert(1)">'));
    match(said, /not "‹img src/);
  });
});
