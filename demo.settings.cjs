// Settings of the private Node-RED that demo.mjs starts. It calls nobody, shows no tours, and says "ready" to its parent.
module.exports = {
  uiHost: process.env.HOST,
  uiPort: Number(process.env.PORT),
  flowFile: "flows.json",
  credentialSecret: false, // nothing outlives the demo
  lang: "en-US",
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, projects: {} },
  logging: {
    console: { level: "warn" },
    ready: {
      level: "info",
      handler: () => (entry) => {
        if (entry.msg === "Started flows") process.send("ready");
      },
    },
  },
};

// Whatever happens to the parent, no Node-RED is left behind.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
