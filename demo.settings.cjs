// Settings of the private Node-RED that demo.mjs starts. It calls nobody, shows no tours, and says "ready" to its parent.
const WARN = 30;
const OF_EVERY_NEW_DIRECTORY = "Encrypted credentials not found";
const STARTED = ["Started flows", "Waiting for missing types to be registered:"];

module.exports = {
  uiHost: process.env.HOST,
  uiPort: Number(process.env.PORT),
  flowFile: "flows.json",
  credentialSecret: "demo",
  lang: "en-US",
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, projects: {} },
  logging: {
    console: { level: "off" },
    demo: {
      level: "info",
      handler:
        () =>
        ({ level, type, name, id, msg }) => {
          if (STARTED.includes(msg)) process.send("ready");
          if (level > WARN || msg === OF_EVERY_NEW_DIRECTORY) return;
          console.error(type === undefined ? "[Node-RED]" : `[${type}:${name || id}]`, msg);
        },
    },
  },
};

// Whatever happens to the parent, no Node-RED is left behind.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
