// Builds dist/: tsc compiles the runtime, esbuild bundles each editor script into dist/<node>.html together with its
// dialog, and icons and locales go beside the .js, the only place where Node-RED looks for them. Libraries that would bring
// native code or more packages along are bundled, too.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { buildClient } from "./build.client.mjs";

process.chdir(import.meta.dirname);
rmSync("dist", { recursive: true, force: true });

const tsc = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

bundleLibraries([
  { user: "udp/decoders/binary/cbor", module: "cbor-x/decode-no-eval" },
  { user: "udp/decoders/binary/msgpack", module: "msgpackr/unpack-no-eval" },
  { user: "metrics/exposition", module: "prom-client", parts: ["Counter", "Gauge", "Histogram", "Registry"] },
]);

const DIALOG_STYLE = ["dialog", "help"].map((name) => readFileSync(`nodes/lib/editor/${name}.css`, "utf8")).join("\n");
/** Comes with the config node, which Node-RED loads first. */
const SIDEBAR = { name: "sensorcast-sidebar", comesWith: "ws-broadcast-server" };
const EDITOR_SCRIPT = ".editor.ts";
/** What Node.js has and browsers have not. esbuild bundles code that uses it without a word. */
const NODE_GLOBALS = ["Buffer", "process", "global", "require", "module", "__dirname", "__filename", "setImmediate"];
const MARK = "NODE_GLOBAL_";
for (const file of readdirSync("nodes").filter((name) => name.endsWith(EDITOR_SCRIPT))) {
  const node = file.slice(0, -EDITOR_SCRIPT.length);
  if (node === SIDEBAR.name) continue;
  const parts = [scriptOf(node), styleOf(DIALOG_STYLE), readFileSync(`nodes/${node}.html`, "utf8")];
  if (node === SIDEBAR.comesWith) {
    parts.push(scriptOf(SIDEBAR.name), styleOf(readFileSync("nodes/lib/sidebar/sidebar.css", "utf8")));
  }
  writeFileSync(`dist/${node}.html`, parts.join("\n\n"));
}
cpSync("icons", "dist/icons", { recursive: true });
copyLocales();
await buildClient();
writeFileSync("dist/build-id.txt", hashOf("dist/lib"));

/**
 * Puts libraries beside what uses them, with their licences. As dependencies, those of binary formats would bring along native
 * code that is not used here, and that npm downloads or compiles; that of metrics others that it needs for nothing used here.
 * @param libraries by which file of `dist/lib` a module is used, and which of its files, if not all of it
 */
function bundleLibraries(libraries) {
  const notices = [];
  for (const { user, module, parts } of libraries) {
    const [library] = module.split("/");
    buildSync({
      stdin: {
        contents:
          parts?.map((part) => `exports.${part} = require("${module}/lib/${part.toLowerCase()}");`).join("\n") ??
          `module.exports = require("${module}");`,
        resolveDir: import.meta.dirname,
      },
      outfile: `dist/lib/${dirname(user)}/${library}.js`,
      bundle: true,
      platform: "node",
      target: "node20",
      legalComments: "inline",
    });
    const file = `dist/lib/${user}.js`;
    const compiled = readFileSync(file, "utf8");
    if (!compiled.includes(`require("${module}")`)) throw new Error(`${file} does not use ${module}`);
    writeFileSync(file, compiled.replace(`require("${module}")`, `require("./${library}")`));
    const { version } = readJson(`node_modules/${library}/package.json`);
    notices.push(`${library} ${version}\n\n${readFileSync(`node_modules/${library}/LICENSE`, "utf8").trim()}\n`);
  }
  writeFileSync("dist/third-party-licenses.txt", notices.join("\n\n"));
}

/** Bundles an editor script. Not minified: the palette and the flow library read the call of registerType as text. */
function scriptOf(name) {
  const { outputFiles } = buildSync({
    entryPoints: [`nodes/${name}${EDITOR_SCRIPT}`],
    bundle: true,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    // Where such a name is not declared, that is where the global is meant, it gets a mark.
    define: Object.fromEntries(NODE_GLOBALS.map((global) => [global, MARK + global])),
    write: false,
  });
  const [used] = outputFiles[0].text.match(new RegExp(`.*${MARK}.*`)) ?? [];
  if (used) throw new Error(`the editor script ${name} needs Node.js: ${used.trim().replaceAll(MARK, "")}`);
  return `<script type="text/javascript">\n${outputFiles[0].text.replaceAll("</script", "<\\/script")}</script>`;
}

function styleOf(css) {
  return `<style>\n${css}</style>`;
}

/** Node-RED knows one catalogue for each node and language: what the library says is put into all of them, as `messages`. */
function copyLocales() {
  for (const language of readdirSync("nodes/locales")) {
    const messages = {};
    for (const file of readdirSync(`nodes/locales/${language}/messages`)) {
      messages[file.replace(/\.json$/, "")] = readJson(`nodes/locales/${language}/messages/${file}`);
    }
    mkdirSync(`dist/locales/${language}`, { recursive: true });
    for (const file of readdirSync(`nodes/locales/${language}`, { withFileTypes: true })) {
      if (file.isDirectory()) continue;
      const from = `nodes/locales/${language}/${file.name}`;
      const to = `dist/locales/${language}/${file.name}`;
      if (file.name.endsWith(".json")) writeFileSync(to, JSON.stringify({ ...readJson(from), messages }, null, 2));
      else cpSync(from, to);
    }
  }
}

/** Of what threads and processes run: while Node-RED does, `lib/installation` tells a build from others of its version by it. */
function hashOf(directory) {
  const hash = createHash("sha256");
  for (const name of readdirSync(directory, { recursive: true }).sort()) {
    const file = join(directory, name);
    if (statSync(file).isFile()) hash.update(`${name}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
