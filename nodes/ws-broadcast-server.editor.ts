import { type DefaultsOf, editorDefaults, withoutMarkup } from "./lib/config/editor-defaults";
import { entered } from "./lib/editor/dialog.editor";
import { wordsOf } from "./lib/editor/parts/words.editor";
import { ServerDialog } from "./lib/editor/server-dialog.editor";
import { fields, rules } from "./ws-broadcast-server.config";

const TYPE = "ws-broadcast-server";
const translate = wordsOf(TYPE);
const defaults = editorDefaults(fields, { type: TYPE, translate, rules, entered });

/** That which is open; there is only one at a time. */
let dialog: ServerDialog | undefined;

// biome-ignore lint/correctness/noUnusedFunctionParameters: Node-RED counts the parameters
function accessProblem(saved: unknown, options: unknown): true | string {
  return typeof saved === "string" && saved !== "" ? withoutMarkup(saved) : true;
}

// biome-ignore lint/correctness/noUnusedFunctionParameters: Node-RED counts the parameters
function keyProblem(key: unknown, options: unknown): true | string {
  return withoutMarkup(dialog?.keyProblem ?? "") || true;
}

RED.nodes.registerType("ws-broadcast-server", {
  category: "config",
  // One by one, for the palette and the flow library read the names as text.
  defaults: {
    name: { value: "" },
    where: defaults.where,
    path: defaults.path,
    port: defaults.port,
    host: defaults.host,
    tls: defaults.tls,
    mode: defaults.mode,
    slow: defaults.slow,
    maxAge: defaults.maxAge,
    logBytes: defaults.logBytes,
    replay: defaults.replay,
    expire: defaults.expire,
    historyReadings: defaults.historyReadings,
    historySeconds: defaults.historySeconds,
    historyBytes: defaults.historyBytes,
    livePage: defaults.livePage,
    metrics: defaults.metrics,
    heartbeat: defaults.heartbeat,
    compress: defaults.compress,
    senders: defaults.senders,
    origins: defaults.origins,
    requireOrigin: defaults.requireOrigin,
    requireToken: defaults.requireToken,
    jwtAlgorithm: defaults.jwtAlgorithm,
    jwtAudience: defaults.jwtAudience,
    jwtIssuer: defaults.jwtIssuer,
    jwtTopicsClaim: defaults.jwtTopicsClaim,
    allow: defaults.allow,
    trustedProxies: defaults.trustedProxies,
    maxClients: defaults.maxClients,
    maxClientsPerAddress: defaults.maxClientsPerAddress,
    maxConnectRate: defaults.maxConnectRate,
    accessProblem: { value: "", validate: accessProblem },
  } satisfies DefaultsOf<typeof fields> & { accessProblem: unknown },
  credentials: { tokens: { type: "password" }, jwtKey: { type: "password", validate: keyProblem } },
  label() {
    return this.name || `${this.port ? `:${this.port}` : ""}${this.path}`;
  },
  oneditprepare() {
    dialog = new ServerDialog(this, fields, translate);
  },
  oneditsave() {
    dialog?.save();
    return undefined;
  },
});
