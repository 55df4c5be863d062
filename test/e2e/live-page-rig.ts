import { resolve } from "node:path";
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { pageAssets } from "../../nodes/lib/ws/pages/page-assets";
import { BroadcastHarness, type HarnessOptions } from "../support/broadcast-harness";
import type { LaunchedBrowser } from "./browser";
import { watchForErrors } from "./page-errors";

const BUILT = resolve(__dirname, "../../dist/client");
export const BUILT_ASSETS = pageAssets({ directory: BUILT, livePage: true });
const PAGE_TIMEOUT_MS = 10_000;

/** A server with the built pages, seen by a browser. */
export class PageRig {
  readonly server: BroadcastHarness;
  readonly #launched: LaunchedBrowser;
  readonly #contexts: BrowserContext[] = [];

  private constructor(server: BroadcastHarness, launched: LaunchedBrowser) {
    this.server = server;
    this.#launched = launched;
  }

  static async start(launched: LaunchedBrowser, options: HarnessOptions = {}): Promise<PageRig> {
    const server = await BroadcastHarness.start({
      assets: BUILT_ASSETS,
      ...options,
    });
    return new PageRig(server, launched);
  }

  /** Opens a page of the server. @returns with what went wrong in it, which grows */
  async open(path = "/", options: BrowserContextOptions = {}): Promise<{ page: Page; errors: string[] }> {
    const context = await this.#launched.browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: "en-US",
      ...options,
    });
    this.#contexts.push(context);
    const errors = watchForErrors(context);
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    await page.goto(this.server.webUrl(path));
    return { page, errors };
  }

  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close();
    await this.server.stop();
  }
}
