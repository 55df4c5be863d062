// Installs what the browser tests need, here, by this folder's own lockfile; does nothing when that is installed already.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";

process.chdir(import.meta.dirname);
const LOCKFILE = "package-lock.json";
const INSTALLED = "node_modules/.installed-lockfile.json";

if (existsSync(INSTALLED) && readFileSync(INSTALLED, "utf8") === readFileSync(LOCKFILE, "utf8")) process.exit(0);

// Errors only: Node-RED 5.0 is installed under any Node, and runs on one that is new enough. No dependency needs its install script.
const npm = spawnSync("npm", ["ci", "--prefix", import.meta.dirname, "--loglevel=error", "--ignore-scripts"], {
  stdio: ["ignore", "inherit", "inherit"],
  shell: process.platform === "win32",
});
if (npm.status !== 0) process.exit(npm.status ?? 1);
copyFileSync(LOCKFILE, INSTALLED);
