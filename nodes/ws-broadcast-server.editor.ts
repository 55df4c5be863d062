import { type DefaultsOf, editorDefaults } from "./lib/config/editor-defaults";
import { webSocketAddress } from "./lib/ws/web-address";
import { fields } from "./ws-broadcast-server.config";

const SUGGESTED_PORT = "8080";

function field(property: keyof typeof fields): JQuery {
  return $(`#node-config-input-${property}`);
}

function textOf(property: keyof typeof fields): string {
  return String(field(property).val() ?? "").trim();
}

function showAddress(): void {
  const entered = { path: textOf("path"), port: textOf("port"), host: textOf("host") };
  $("#ws-broadcast-server-url").text(webSocketAddress(entered, RED.settings.httpNodeRoot, location));
}

const defaults = editorDefaults(fields);

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
  label() {
    return this.name || `${this.port ? `:${this.port}` : ""}${this.path}`;
  },
  oneditprepare() {
    // The list is saved as an array, so its text field has an id that the editor does not save by itself.
    $("#ws-broadcast-server-origins").val([this.origins ?? []].flat().join(", "));
    const where = $("#ws-broadcast-server-where").val(textOf("port") === "" ? "shared" : "own");
    const own = $(".ws-broadcast-server-own").toggle(where.val() === "own");
    where.on("change", () => {
      own.toggle(where.val() === "own");
      field("port")
        .val(where.val() === "own" ? SUGGESTED_PORT : "")
        .trigger("change");
    });
    for (const property of ["path", "port", "host"] as const) field(property).on("change keyup", showAddress);
    showAddress();
  },
  oneditsave() {
    const origins = String($("#ws-broadcast-server-origins").val());
    this.origins = origins.split(/[\s,]+/).filter((origin) => origin !== "");
    return undefined;
  },
});
