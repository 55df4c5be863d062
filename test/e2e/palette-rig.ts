import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type NodeRedProcess, startNodeRed } from "../support/node-red-process";
import { packTarball, type Tarball } from "../support/tarball";
import { LocalRegistry } from "./local-registry";
import type { Target } from "./targets";

const NODE_MODULES = resolve(__dirname, "../../node_modules");

interface RigParts {
  readonly registry: LocalRegistry;
  readonly nodeRed: NodeRedProcess;
  readonly tarball: Tarball;
  /** Else npm would have what another registry on this port gave. */
  readonly npmCache: string;
}

/** A Node-RED as it comes, whose palette and npm know a registry with the packed package, what that needs, and nothing else. */
export class PaletteRig {
  readonly registry: LocalRegistry;
  readonly nodeRed: NodeRedProcess;
  readonly #tarball: Tarball;
  readonly #npmCache: string;

  private constructor({ registry, nodeRed, tarball, npmCache }: RigParts) {
    this.registry = registry;
    this.nodeRed = nodeRed;
    this.#tarball = tarball;
    this.#npmCache = npmCache;
  }

  static async start(target: Target): Promise<PaletteRig> {
    const registry = await LocalRegistry.start();
    const npmCache = await mkdtemp(join(tmpdir(), "sensorcast-npm-"));
    const tarball = await packTarball();
    await registry.publish(tarball);
    for (const dependency of Object.keys(tarball.manifest.dependencies ?? {})) {
      const packed = await packTarball(resolve(NODE_MODULES, dependency));
      await registry.publish(packed);
      await packed.remove();
    }
    const nodeRed = await startNodeRed(target, {
      settings: { editorTheme: { tours: false, palette: { catalogues: [registry.catalogueUrl] } } },
      // Of the environment, which npm heeds most.
      environment: { npm_config_registry: registry.url, npm_config_cache: npmCache },
    });
    return new PaletteRig({ registry, nodeRed, tarball, npmCache });
  }

  /** The one that was published first. */
  get version(): string {
    return this.#tarball.manifest.version;
  }

  /** Publishes the same as another version. */
  async publish(version: string): Promise<void> {
    const newer = await this.#tarball.asVersion(version);
    await this.registry.publish(newer);
    await newer.remove();
  }

  async close(): Promise<void> {
    await this.nodeRed.stop();
    await this.registry.close();
    await this.#tarball.remove();
    await rm(this.#npmCache, { recursive: true, force: true });
  }
}
