import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { Pool } from "./pool";

// Not the browser package's own list: its --single-process dies on a second page.
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
];

/** A headless browser. */
export interface LaunchedBrowser {
  readonly browser: Browser;
  /** Closes all its pages. */
  close(): Promise<void>;
}

/** Why no browser can be launched here; undefined if one can. */
export const browserUnavailable: string | undefined =
  process.env.CHROME_PATH || (process.platform === "linux" && process.arch === "x64")
    ? undefined
    : `no browser package for ${process.platform} ${process.arch}: set CHROME_PATH to an installed Chrome or Chromium`;

const pool = new Pool<LaunchedBrowser>(({ close }) => close());

/** The browser that CHROME_PATH names, else the one from the registry (Linux on x64). Test files use the same, one after another. */
export async function launchBrowser(): Promise<LaunchedBrowser> {
  const launched = await pool.take("browser", launch);
  const { browser } = launched;
  const close = async (): Promise<void> => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await (browser.isConnected() ? pool.giveBack("browser", launched) : launched.close());
  };
  return { browser, close };
}

async function launch(): Promise<LaunchedBrowser> {
  const directory = await mkdtemp(join(tmpdir(), "sensorcast-browser-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const executablePath = process.env.CHROME_PATH || (await unpackBrowser(directory));
    const browser = await chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
    const close = async (): Promise<void> => {
      await browser.close();
      await remove();
    };
    return { browser, close };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The package unpacks into the temporary directory, where two test runs would overwrite each other's: it gets one of its own. */
async function unpackBrowser(directory: string): Promise<string> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = directory;
  try {
    const { default: packaged } = await import("@sparticuz/chromium");
    return await packaged.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
