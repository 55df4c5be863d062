// A stranger on Node-RED's web server, as dashboards are: it answers on a path of its own and, like engine.io, ends
// every other upgrade to which nobody has written anything after a second. Loaded by Node-RED as a node.
const { WebSocket, WebSocketServer } = require("ws");

const PATH = "/neighbour/";
const SILENCE_TIMEOUT_MS = 1000;
const GREETING_INTERVAL_MS = 50;

module.exports = (RED) => {
  const neighbour = new WebSocketServer({ noServer: true });
  RED.server.on("upgrade", (request, socket, head) => {
    if (request.url.startsWith(PATH)) {
      neighbour.handleUpgrade(request, socket, head, (client) => client.on("error", () => client.terminate()));
      return;
    }
    setTimeout(() => {
      if (!socket.writable || socket.bytesWritten > 0) return;
      socket.on("error", () => socket.destroy());
      socket.end();
    }, SILENCE_TIMEOUT_MS).unref();
  });
  setInterval(() => {
    for (const client of neighbour.clients) if (client.readyState === WebSocket.OPEN) client.send("here");
  }, GREETING_INTERVAL_MS).unref();

  RED.nodes.registerType("neighbour", function construct(definition) {
    RED.nodes.createNode(this, definition);
  });
};
