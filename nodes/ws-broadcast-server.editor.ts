import { type DefaultsOf, editorDefaults } from "./lib/config/editor-defaults";
import { Dialog, entered } from "./lib/editor/dialog.editor";
import { type EditedToken, TokenTable } from "./lib/editor/token-table.editor";
import { wordsOf } from "./lib/editor/words.editor";
import { boundHost } from "./lib/ws/endpoint/bound-host";
import { webSocketAddress } from "./lib/ws/endpoint/web-address";
import { fields } from "./ws-broadcast-server.config";

const SUGGESTED_PORT = "8080";
/** What Node-RED shows in place of a saved secret. */
const SAVED_SECRET = "__PWRD__";
/** That of the dialog which is open; there is only one at a time. Missing while the saved tokens are not known. */
let tokenTable: TokenTable | undefined;
let savedTokens = "";

const TYPE = "ws-broadcast-server";

/** That which is open; there is only one at a time. */
let dialog: Dialog | undefined;

function textOf(property: string): string {
  return dialog?.text(property) ?? "";
}

function showAddress(): void {
  const needsToken = textOf("jwtAlgorithm") !== "off" || (tokenTable?.tokens().length ?? 0) > 0;
  const host = boundHost({ host: textOf("host"), needsToken, allow: textOf("allow") === "" ? [] : [textOf("allow")] });
  const isTls = !["", "_ADD_"].includes(textOf("tls"));
  const entered = { path: textOf("path"), port: textOf("port"), host, isTls };
  $("#ws-broadcast-server-url").text(webSocketAddress(entered, RED.settings.httpNodeRoot, location));
}

/** The runtime gives their names, topics and expiry, but not their text. */
async function loadTokens(id: string): Promise<readonly EditedToken[]> {
  const entered = textOf("tokens");
  if (entered === "") return [];
  if (entered !== SAVED_SECRET) return JSON.parse(entered);
  return await $.getJSON(`ws-broadcast-server/${encodeURIComponent(id)}/tokens`);
}

function prepareTokens(id: string, translate: (key: string) => string): void {
  tokenTable = undefined;
  const list = $("#ws-broadcast-server-tokens");
  loadTokens(id)
    .then((tokens) => {
      // The dialog may be closed by now, and another one be open.
      if (!list[0]?.isConnected) return;
      tokenTable = new TokenTable(list, translate, () => {
        dialog?.input("requireToken").prop("checked", true);
        showAddress();
      });
      tokenTable.show(tokens);
      savedTokens = JSON.stringify(tokenTable.tokens());
      showAddress();
    })
    .catch(() => list.replaceWith($("<p>", { text: translate("unknown") })));
}

function saveTokens(): void {
  if (tokenTable === undefined) return;
  const tokens = tokenTable.tokens();
  if (JSON.stringify(tokens) === savedTokens) return;
  dialog?.input("tokens").val(tokens.length === 0 ? "" : JSON.stringify(tokens));
  const problem = tokenTable.problem();
  if (problem !== undefined) RED.notify(problem, "error");
}

const defaults = editorDefaults(fields, { type: TYPE, translate: wordsOf(TYPE), entered });

RED.nodes.registerType("ws-broadcast-server", {
  category: "config",
  // One by one, for the palette and the flow library read the names as text.
  defaults: {
    name: { value: "" },
    path: defaults.path,
    port: defaults.port,
    host: defaults.host,
    tls: defaults.tls,
    mode: defaults.mode,
    slow: defaults.slow,
    maxAge: defaults.maxAge,
    logBytes: defaults.logBytes,
    replay: defaults.replay,
    heartbeat: defaults.heartbeat,
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
  } satisfies DefaultsOf<typeof fields>,
  credentials: { tokens: { type: "password" }, jwtKey: { type: "password" } },
  label() {
    return this.name || `${this.port ? `:${this.port}` : ""}${this.path}`;
  },
  oneditprepare() {
    dialog = new Dialog(this, "node-config-input", { fields });
    const field = (property: string): JQuery => $(`#node-config-input-${property}`);
    prepareTokens(this.id, (key) => this._(`ws-broadcast-server.token.${key}`));

    const where = $("#ws-broadcast-server-where").val(textOf("port") === "" ? "shared" : "own");
    const own = $(".ws-broadcast-server-own").toggle(where.val() === "own");
    where.on("change", () => {
      own.toggle(where.val() === "own");
      field("port")
        .val(where.val() === "own" ? SUGGESTED_PORT : "")
        .trigger("change");
    });
    const algorithm = field("jwtAlgorithm");
    algorithm.on("change", () => $(".ws-broadcast-server-jwt").toggle(algorithm.val() !== "off")).trigger("change");
    for (const property of ["path", "port", "host", "tls", "jwtAlgorithm", "allow"]) {
      field(property).on("change keyup", showAddress);
    }
    showAddress();
  },
  oneditsave() {
    saveTokens();
    return undefined;
  },
});
