import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { join, resolve } from "node:path";
import { fields as sensorIn } from "../../nodes/udp-sensor-in.config";
import { fields as broadcastOut } from "../../nodes/ws-broadcast-out.config";
import { fields as broadcastServer } from "../../nodes/ws-broadcast-server.config";
import { packTarball, type Tarball } from "../support/tarball";

const PACK_TIMEOUT_MS = 60_000;
const FOLDERS = /^(dist|examples)\//;
const FILES = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
const NODE_TYPES = ["udp-sensor-in", "ws-broadcast-out", "ws-broadcast-server"];
const FIELDS = { "udp-sensor-in": sensorIn, "ws-broadcast-out": broadcastOut, "ws-broadcast-server": broadcastServer };
const CANVAS_NODE_TYPES = ["udp-sensor-in", "ws-broadcast-out"];

/** What the palette and the flow library read, as text, from the call of `registerType`. */
const LITERALS = {
  category: /^ {4}category: "(network)",$/m,
  color: /^ {4}color: "(#[0-9a-f]{6})",$/im,
  icon: /^ {4}icon: "([\w-]+\.svg)",$/m,
  inputs: /^ {4}inputs: ([01]),$/m,
  outputs: /^ {4}outputs: (\d),$/m,
};

/** Kept by the editor for itself: the runtime does not read them. */
const EDITOR_ONLY: ReadonlySet<string> = new Set(["outputs", "accessProblem"]);

describe("The tarball", function () {
  this.timeout(PACK_TIMEOUT_MS);
  let tarball: Tarball;
  let unpacked: string;

  before(async () => {
    tarball = await packTarball();
    unpacked = await tarball.unpack();
  });

  after(() => tarball?.remove());

  const textOf = (path: string): Promise<string> => readFile(join(unpacked, path), "utf8");

  it("holds what a user needs and nothing else", () => {
    const beside = tarball.contents.filter((path) => !FOLDERS.test(path));
    assert.deepEqual(beside.sort(), FILES);
    assert.deepEqual(
      tarball.contents.filter((path) => /(?<!\.d)\.m?ts$|\.editor\.js$|\/tests?\/|\.test\./.test(path)),
      [],
    );
  });

  it("lists its config node first, and each node's script beside its html, its label files and its help", async () => {
    const { "node-red": nodeRed } = JSON.parse(await textOf("package.json"));
    const [first] = Object.keys(nodeRed.nodes);
    assert.equal(first, "ws-broadcast-server");
    assert.deepEqual(Object.keys(nodeRed.nodes).sort(), NODE_TYPES);
    for (const [type, script] of Object.entries(nodeRed.nodes)) {
      assert.equal(script, `dist/${type}.js`);
      const needed = [
        `dist/${type}.js`,
        `dist/${type}.html`,
        `dist/locales/en-US/${type}.json`,
        `dist/locales/en-US/${type}.html`,
      ];
      assert.deepEqual(
        needed.filter((path) => !tarball.contents.includes(path)),
        [],
      );
    }
  });

  for (const type of CANVAS_NODE_TYPES) {
    it(`describes ${type} so that the palette can read it without running it`, async () => {
      const definition = definitionIn(await textOf(`dist/${type}.html`), type);
      for (const [property, literal] of Object.entries(LITERALS)) {
        assert.match(definition, literal, `${type}: ${property} is no literal`);
      }
      const icon = LITERALS.icon.exec(definition)?.[1];
      assert.ok(tarball.contents.includes(`dist/icons/${icon}`), `${icon} is not in dist/icons`);
    });
  }

  it("describes its config node so that the palette can read it without running it", async () => {
    assert.match(
      definitionIn(await textOf("dist/ws-broadcast-server.html"), "ws-broadcast-server"),
      /category: "config"/,
    );
  });

  for (const [type, fields] of Object.entries(FIELDS)) {
    it(`names the properties of ${type} one by one, for who reads them without running it`, async () => {
      const definition = definitionIn(await textOf(`dist/${type}.html`), type);
      const defaults = /^ {4}defaults: \{\n([\s\S]*?)^ {4}\}/m.exec(definition)?.[1] ?? "";
      const names = defaults.split("\n").flatMap((line) => /^ {6}(\w+): /.exec(line)?.[1] ?? []);
      assert.deepEqual(
        names.filter((name) => !EDITOR_ONLY.has(name)),
        ["name", ...Object.keys(fields)],
      );
      assert.ok(!defaults.includes("..."), "a spread is not a name");
    });
  }

  it("shows each of its canvas nodes in an example", async () => {
    const examples = tarball.contents.filter((path) => /^examples\/(?:[\w-]+\/)?[\w-]+\.json$/.test(path));
    const flows = await Promise.all(examples.map(async (path) => JSON.parse(await textOf(path))));
    const used = new Set(flows.flat().map(({ type }) => type));
    assert.deepEqual(
      CANVAS_NODE_TYPES.filter((type) => !used.has(type)),
      [],
    );
  });

  it("needs nothing but Node.js and its dependencies", async () => {
    const { dependencies } = JSON.parse(await textOf("package.json"));
    const known = new Set([...builtinModules, ...Object.keys(dependencies)]);
    const scripts = tarball.contents.filter((path) => path.startsWith("dist/") && path.endsWith(".js"));
    const missing = await Promise.all(
      scripts.map(async (path) => {
        const modules = [...(await textOf(path)).matchAll(/(?:\brequire\(|\bfrom ?)"((?:node:)?[^".][^"]*)"/g)].map(
          ([, name = ""]) => name,
        );
        return modules.filter((name) => !known.has(name.replace(/^node:/, ""))).map((name) => `${path}: ${name}`);
      }),
    );
    assert.deepEqual(missing.flat(), []);
  });

  it("holds the licences of the libraries that are bundled", async () => {
    const notices = await textOf("dist/third-party-licenses.txt");
    for (const library of ["cbor-x", "msgpackr", "prom-client"])
      assert.match(notices, new RegExp(`^${library} \\d+\\.\\d+\\.\\d+$`, "m"));
    assert.match(notices, /Permission is hereby granted, free of charge/);
  });

  it("decodes binary formats without any other package", async () => {
    const { createDecoder } = require(join(unpacked, "dist/lib/udp/decoders/index.js"));
    assert.deepEqual(createDecoder({ format: "cbor" })(Buffer.from("a1616101", "hex")), [{ a: 1 }]);
    assert.deepEqual(createDecoder({ format: "msgpack" })(Buffer.from("81a16101", "hex")), [{ a: 1 }]);
  });

  it("admits each Node that its Node-RED versions run on", async () => {
    const { engines, "node-red": nodeRed } = JSON.parse(await textOf("package.json"));
    assert.equal(engines.node, ">=20");
    assert.equal(nodeRed.version, ">=4.0.0");
  });
});

describe("Installing the package", () => {
  it("runs no script and takes no native code, whatever the system", async () => {
    const { packages } = JSON.parse(await readFile(resolve(__dirname, "../../package-lock.json"), "utf8"));
    const shipped = Object.entries<{ dev?: boolean; optional?: boolean; hasInstallScript?: boolean }>(packages).filter(
      ([path, { dev }]) => path !== "" && dev !== true,
    );
    assert.ok(shipped.length > 0);
    assert.deepEqual(
      shipped.filter(([, { optional, hasInstallScript }]) => optional === true || hasInstallScript === true),
      [],
    );
  });
});

describe("A lockfile", () => {
  for (const lockfile of ["package-lock.json", "test/e2e/package-lock.json"]) {
    it(`names no registry (${lockfile})`, async () => {
      const { packages } = JSON.parse(await readFile(resolve(__dirname, "../..", lockfile), "utf8"));
      const named = Object.entries<{ resolved?: string }>(packages).filter(
        ([, { resolved }]) => resolved !== undefined,
      );
      assert.deepEqual(named, []);
    });
  }
});

/** The object literal that the html's script registers the type with. */
function definitionIn(html: string, type: string): string {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1];
  assert.ok(script, `${type}.html has no script of type text/javascript`);
  const start = script.indexOf(`registerType("${type}", {`);
  assert.notEqual(start, -1, `the script does not call registerType("${type}", {`);
  return script.slice(start);
}
