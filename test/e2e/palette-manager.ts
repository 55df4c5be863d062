import type { Locator, Page } from "playwright-core";

/** Node-RED runs npm meanwhile. */
const NPM_TIMEOUT_MS = 120_000;

/** Menu > Manage palette, used as a user does. Each method opens and closes it. */
export class PaletteManager {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Searches the catalogue and installs what it finds. */
  async install(module: string, words: string): Promise<void> {
    const tab = await this.#open("Install");
    await this.#page.locator("#red-ui-palette-module-install-shade").waitFor({ state: "hidden" });
    await tab.locator(".red-ui-palette-search input").pressSequentially(words);
    const row = tab.locator("li", { hasText: module });
    await row.locator("a.red-ui-button", { hasText: /^install$/i }).click();
    await this.#confirm("install");
    await row.locator("a.red-ui-button.disabled", { hasText: /^installed$/i }).waitFor({ timeout: NPM_TIMEOUT_MS });
    await this.#close();
  }

  /**
   * Updates to the version that the catalogue has. Node-RED runs it only once it is started again.
   * @returns the versions that it shows then: the one that runs, and the new one
   */
  async update(module: string, version: string): Promise<string> {
    const row = await this.#rowOf(module);
    await row.locator("a.red-ui-button", { hasText: `update to ${version}` }).click();
    await this.#confirm("update");
    await row.locator("a.red-ui-button.disabled", { hasText: /^updated$/i }).waitFor({ timeout: NPM_TIMEOUT_MS });
    const versions = await row.locator(".red-ui-palette-module-version").innerText();
    await this.#close();
    return versions.trim().replace(/\s+/g, " ");
  }

  /** Node-RED offers it while no flow in the editor uses the module. */
  async remove(module: string): Promise<void> {
    const row = await this.#rowOf(module);
    await row.locator("a.red-ui-button", { hasText: /^remove$/i }).click();
    await this.#confirm("remove");
    await row.waitFor({ state: "detached", timeout: NPM_TIMEOUT_MS });
    await this.#close();
  }

  async #rowOf(module: string): Promise<Locator> {
    const tab = await this.#open("Nodes");
    return tab.locator("li", { hasText: module }).first();
  }

  /** @returns the tab */
  async #open(tab: "Nodes" | "Install"): Promise<Locator> {
    await this.#page.locator("#red-ui-header-button-sidemenu").click();
    await this.#page.locator("#menu-item-edit-palette").click();
    await this.#page.locator("#red-ui-palette-editor-tabs a", { hasText: tab }).click();
    return this.#page.locator(".red-ui-palette-editor-tab:visible");
  }

  async #confirm(what: "install" | "update" | "remove"): Promise<void> {
    const buttons = this.#page.locator(`button.red-ui-palette-module-install-confirm-button-${what}`);
    await buttons.filter({ hasText: new RegExp(`^${what}$`, "i") }).click();
  }

  async #close(): Promise<void> {
    await this.#page
      .locator(".red-ui-tray:has(#red-ui-settings-tab-palette) .red-ui-tray-toolbar button.primary")
      .click();
    await this.#page.locator("#red-ui-settings-tab-palette").waitFor({ state: "hidden" });
  }
}
