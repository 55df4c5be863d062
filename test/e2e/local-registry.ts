import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Manifest, Tarball } from "../support/tarball";

const TARBALLS = "/-/tarballs/";
const CATALOGUE = "/catalogue.json";

interface Version {
  readonly manifest: Manifest;
  /** Missing for what is only asked about. */
  readonly bytes: Buffer | undefined;
}

/**
 * An npm registry on the loopback interface with what is published here and nothing else, and the catalogue of its Node-RED
 * packages that the palette searches.
 */
export class LocalRegistry {
  readonly #server: Server;
  /** By name, oldest first. */
  readonly #packages = new Map<string, Version[]>();

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<LocalRegistry> {
    const registry = new LocalRegistry();
    registry.#server.listen(0, "127.0.0.1");
    await once(registry.#server, "listening");
    return registry;
  }

  /** As `npm_config_registry` has it. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  get catalogueUrl(): string {
    return new URL(CATALOGUE, this.url).href;
  }

  /** It is the latest version from then on. */
  async publish({ file, manifest }: Pick<Tarball, "file" | "manifest">): Promise<void> {
    this.#add({ manifest, bytes: await readFile(file) });
  }

  /** Answers questions about a package that nobody is to install from here. */
  describe(manifest: Manifest): void {
    this.#add({ manifest, bytes: undefined });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #add(version: Version): void {
    const { name } = version.manifest;
    this.#packages.set(name, [...(this.#packages.get(name) ?? []), version]);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? "/", this.url).pathname);
    const tarball = path.startsWith(TARBALLS) ? this.#tarball(path.slice(TARBALLS.length)) : undefined;
    const document = path === CATALOGUE ? this.#catalogue() : this.#packument(path.slice(1));
    // The editor asks for the catalogue from the origin of its Node-RED.
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (tarball !== undefined) {
      response.setHeader("Content-Type", "application/octet-stream").end(tarball);
    } else if (document !== undefined) {
      response.setHeader("Content-Type", "application/json").end(JSON.stringify(document));
    } else {
      response.writeHead(404, { "Content-Type": "application/json" }).end('{"error":"not found"}');
    }
  }

  /** @param id name and version, as in `ws@8.0.0` */
  #tarball(id: string): Buffer | undefined {
    const versions = [...this.#packages.values()].flat();
    return versions.find(({ manifest }) => idOf(manifest) === id)?.bytes;
  }

  #packument(name: string): object | undefined {
    const versions = this.#packages.get(name);
    if (versions === undefined) return undefined;
    const described = versions.map(({ manifest, bytes }) => [
      manifest.version,
      { ...manifest, ...(bytes && { dist: this.#distribution(manifest, bytes) }) },
    ]);
    return {
      name,
      "dist-tags": { latest: versions.at(-1)?.manifest.version },
      versions: Object.fromEntries(described),
    };
  }

  #distribution(manifest: Manifest, bytes: Buffer): object {
    return {
      tarball: new URL(TARBALLS + encodeURIComponent(idOf(manifest)), this.url).href,
      integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
    };
  }

  /** As that of flows.nodered.org. */
  #catalogue(): object {
    const modules = [...this.#packages.values()].flatMap((versions) => {
      const latest = versions.at(-1)?.manifest;
      if (latest?.["node-red"] === undefined) return [];
      return {
        id: latest.name,
        version: latest.version,
        description: latest.description,
        keywords: latest.keywords,
        types: Object.keys(latest["node-red"].nodes),
        updated_at: new Date().toISOString(),
        url: this.url + latest.name,
      };
    });
    return { name: "Local catalogue", updated_at: new Date().toISOString(), modules };
  }
}

function idOf({ name, version }: Manifest): string {
  return `${name}@${version}`;
}
