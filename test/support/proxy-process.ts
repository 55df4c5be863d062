import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { until } from "./until";

const RECIPE = resolve(__dirname, "../../docs/recipes/proxies.md");

/** The first code block in a language of the recipe, made to listen on one loopback port and to forward to another. */
export function configurationOf(language: "nginx" | "caddy", listen: number, forwardTo: number): string {
  const [, block] = new RegExp(`\`\`\`${language}[a-z]*\n(.+?)\`\`\``, "s").exec(readFileSync(RECIPE, "utf8")) ?? [];
  if (block === undefined) throw new Error(`${RECIPE} has no configuration of ${language}`);
  return block
    .replace("listen 80;", `listen 127.0.0.1:${listen};`)
    .replace(/^:80 /m, `http://127.0.0.1:${listen} `)
    .replaceAll("127.0.0.1:1880", `127.0.0.1:${forwardTo}`);
}

/** Whether a program can be run here. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, [program === "nginx" ? "-v" : "version"], { stdio: "ignore" }).error === undefined;
}

/** A reverse proxy in a process of its own, with the configuration that the documentation gives. */
export class ProxyProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  /** Resolves once the proxy accepts connections. */
  static async start(program: "nginx" | "caddy", listen: number, forwardTo: number): Promise<ProxyProcess> {
    const folder = mkdtempSync(join(tmpdir(), "sensorcast-proxy-"));
    const file = join(folder, "proxy.conf");
    const configuration = configurationOf(program, listen, forwardTo);
    writeFileSync(file, program === "nginx" ? wholeNginx(configuration, folder) : wholeCaddy(configuration));
    const parameters =
      program === "nginx"
        ? ["-p", folder, "-c", file, "-e", join(folder, "error.log")]
        : ["run", "--adapter", "caddyfile", "--config", file];
    const child = spawn(program, parameters, { stdio: "ignore", env: { ...process.env, HOME: folder } });
    await until(() => accepts(listen), `${program} does not accept connections`);
    return new ProxyProcess(child, folder);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function wholeNginx(configuration: string, folder: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const paths = temporary.map((name) => `${name}_temp_path ${join(folder, name)};`).join("\n");
  const main = `daemon off;\nmaster_process off;\npid ${join(folder, "pid")};`;
  return `${main}\nevents {}\nhttp {\naccess_log off;\n${paths}\n${configuration}\n}\n`;
}

function wholeCaddy(configuration: string): string {
  return `{\n  admin off\n  auto_https off\n}\n${configuration}`;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
