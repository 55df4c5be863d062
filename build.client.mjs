// Builds dist/client/: what browsers and programs load, as ES modules, with its types.
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";

const SOURCE = "nodes/lib/client";
const TARGET = "dist/client";

/** Every module that is loaded by name. The others are bundled into these. */
const ENTRIES = { client: "client.mts", node: "node.mts", page: "page/page.mts" };
const STYLES = { page: "page/page.css" };
const COPIED = ["page/page.html", "page/icon.svg"];

/**
 * uPlot asks for numbers in the browser's language as it loads, and fails where that is no language tag: Chromium under
 * LANG=C says "en-US@posix". The browser's own default is the same language, and always works.
 */
const anyLanguage = {
  name: "any language",
  setup({ onLoad }) {
    onLoad({ filter: /uPlot\.esm\.js$/ }, ({ path }) => {
      const asked = "domEnv ? nav.language : 'en-US'";
      const source = readFileSync(path, "utf8");
      if (!source.includes(asked)) throw new Error(`${path} does not ask for a language as expected: look again`);
      return { contents: source.replace(asked, "undefined"), loader: "js" };
    });
  },
};

const OPTIONS = {
  outdir: TARGET,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  minify: true,
  external: ["ws"],
  plugins: [anyLanguage],
};

export async function buildClient() {
  const entries = [...Object.entries(ENTRIES), ...Object.entries(STYLES)];
  await build({
    ...OPTIONS,
    entryPoints: entries.map(([out, entry]) => ({ in: `${SOURCE}/${entry}`, out })),
  });
  // Its style sheets go into the elements, as text.
  await build({ ...OPTIONS, entryPoints: [`${SOURCE}/elements/elements.mts`], loader: { ".css": "text" } });
  for (const file of COPIED) cpSync(`${SOURCE}/${file}`, `${TARGET}/${basename(file)}`);
  // The package itself is CommonJS.
  writeFileSync(`${TARGET}/package.json`, '{ "type": "module" }\n');
  writeTypes();
}

function writeTypes() {
  const tsc = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.client.json"], {
    stdio: "inherit",
  });
  if (tsc.status !== 0) process.exit(tsc.status ?? 1);
  // Whoever reads them as types of ES modules wants whole names of files.
  for (const file of readdirSync(`${TARGET}/types`, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const types = readFileSync(`${TARGET}/types/${file}`, "utf8");
    writeFileSync(`${TARGET}/types/${file}`, types.replace(/(from "\.[^"]+?)(\.js)?";/g, '$1.js";'));
  }
}
