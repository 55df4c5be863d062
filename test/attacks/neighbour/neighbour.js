// A stranger on Node-RED's web server, as dashboards are: a real socket.io server. Its engine.io answers on a path of its
// own and ends every other upgrade to which nobody has written anything after a second. Loaded by Node-RED as a node.
const { Server } = require("socket.io");

const GREETING_INTERVAL_MS = 50;
/** Longer than any test, for its client answers no pings. */
const PING_INTERVAL_MS = 600_000;

module.exports = (RED) => {
  const neighbour = new Server(RED.server, { serveClient: false, pingInterval: PING_INTERVAL_MS });
  setInterval(() => neighbour.emit("here"), GREETING_INTERVAL_MS).unref();

  RED.nodes.registerType("neighbour", function construct(definition) {
    RED.nodes.createNode(this, definition);
  });
};
