const TYPE = "ws-broadcast-server";

/**
 * The server of a node that was dropped just now: the first there is, else a new one with defaults, so that the node can be
 * deployed as it is.
 * @returns its id
 */
export function defaultServer(): string {
  let found: string | undefined;
  RED.nodes.eachConfig(({ type, id, d }) => {
    if (type === TYPE && d !== true) found ??= id;
    return found === undefined;
  });
  return found ?? addServer();
}

function addServer(): string {
  const definition = RED.nodes.getType(TYPE);
  if (definition === undefined) return "";
  const id = RED.nodes.id();
  const values = Object.entries(definition.defaults).map(([property, { value }]) => [property, structuredClone(value)]);
  const server = { ...Object.fromEntries(values), id, type: TYPE, _def: definition, users: [], changed: true };
  RED.history.push({ t: "add", nodes: [id], dirty: RED.nodes.dirty() });
  RED.nodes.add(server);
  RED.editor.validateNode(server);
  return id;
}
