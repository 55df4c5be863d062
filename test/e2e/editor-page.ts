import type { BrowserContext, Locator, Page } from "playwright-core";
import { usesUdpPort } from "./installed-package";

const EDITOR_TIMEOUT_MS = 45_000;

const NODE_DIALOG = ".red-ui-tray:has(#node-dialog-ok)";
const CONFIG_DIALOG = ".red-ui-tray:has(#node-config-dialog-ok)";

/** What a test needs of the editor's own global. */
declare const RED: {
  actions: { invoke(action: string): void };
  nodes: {
    eachNode(
      visit: (node: { id: string; type: string; port?: string; changed?: boolean; dirty?: boolean }) => void,
    ): void;
    dirty(state: boolean): void;
    node(id: string): { valid?: boolean; validationErrors?: string[] } | null;
  };
};

/** Node-RED's editor, driven as a user drives it. The same selectors hold in 4.1 and 5.0. */
export class EditorPage {
  private constructor(readonly page: Page) {}

  /** Opens the editor and waits until its palette shows a node of the given type. */
  static async open(context: BrowserContext, nodeRedUrl: string, paletteNode: string): Promise<EditorPage> {
    const page = await context.newPage();
    page.setDefaultTimeout(EDITOR_TIMEOUT_MS);
    await page.goto(nodeRedUrl);
    const editor = new EditorPage(page);
    await editor.paletteShows(paletteNode);
    await page.locator("#red-ui-loading-progress").waitFor({ state: "hidden" });
    return editor;
  }

  /** Opens it where users log in, as one of them. */
  static async logIn(
    context: BrowserContext,
    nodeRedUrl: string,
    { username, password }: { readonly username: string; readonly password: string },
  ): Promise<EditorPage> {
    const page = await context.newPage();
    page.setDefaultTimeout(EDITOR_TIMEOUT_MS);
    await page.goto(nodeRedUrl);
    await page.locator("#node-dialog-login-username").fill(username);
    await page.locator("#node-dialog-login-password").fill(password);
    await page.locator("#node-dialog-login-submit").click();
    await page.locator("#node-dialog-login").waitFor({ state: "detached" });
    await page.close();
    return await EditorPage.open(context, nodeRedUrl, "udp-sensor-in");
  }

  /** Waits until it does. */
  async paletteShows(type: string): Promise<void> {
    await this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`).waitFor({ state: "attached" });
  }

  /** What a menu or a shortcut does, by its name in the editor, such as `core:remove-flow`. */
  async invoke(action: string): Promise<void> {
    await this.page.evaluate((name) => RED.actions.invoke(name), action);
  }

  /** Menu > Import > Examples > and the names from there on: module, folder, example. */
  async importExample(...names: readonly string[]): Promise<void> {
    await this.page.locator("#red-ui-header-button-sidemenu").click();
    await this.page.locator("#menu-item-import").click();
    const dialog = this.page.locator("#red-ui-clipboard-dialog");
    await dialog.locator("#red-ui-clipboard-dialog-import-tabs a", { hasText: "Examples" }).click();
    for (const label of names) {
      await dialog.locator(".red-ui-treeList-label:visible").filter({ hasText: label }).click();
    }
    await this.page.locator("#red-ui-clipboard-dialog-ok").click();
    await dialog.waitFor({ state: "hidden" });
  }

  /** An imported flow is added, but not shown. */
  async showFlow(label: string): Promise<void> {
    await this.page.locator("#red-ui-workspace-tabs a.red-ui-tab-label").filter({ hasText: label }).click();
  }

  /** Not by hand, which would take a dialog for each sensor. */
  async setUdpPort(port: number): Promise<void> {
    const ids = await this.nodeIds(usesUdpPort);
    await this.page.evaluate(
      ([changed, to]) => {
        RED.nodes.eachNode((node) => {
          if (changed.includes(node.id)) Object.assign(node, { port: to, changed: true, dirty: true });
        });
        RED.nodes.dirty(true);
      },
      [ids, String(port)] as const,
    );
  }

  /** Resolves once the server has taken the flows, though nodes may have a red triangle. @returns its HTTP status */
  async deploy(): Promise<number> {
    const answer = this.page.waitForResponse(
      (response) => new URL(response.url()).pathname === "/flows" && response.request().method() === "POST",
    );
    await this.page.locator("#red-ui-header-button-deploy").click();
    const confirm = this.page.locator("#red-ui-deploy-dialog-confirm-deploy-deploy");
    await Promise.race([answer, confirm.click().catch(() => undefined)]);
    const status = (await answer).status();
    await this.page.locator("#red-ui-header-button-deploy.disabled").waitFor();
    await this.page.locator(".red-ui-deploy-button-spinner").waitFor({ state: "hidden" });
    return status;
  }

  /** Waits until the status below the first node of the type says something like that. */
  async waitForStatus(type: string, text: RegExp): Promise<void> {
    const node = await this.#onCanvas(type);
    await node.locator(".red-ui-flow-node-status-label").filter({ hasText: text }).waitFor();
  }

  /** Searches the palette, and waits until it shows the type and has hidden another one. */
  async searchPalette(words: string, { shown, hidden }: { shown: string; hidden: string }): Promise<void> {
    await this.page.locator("#red-ui-palette-search input").fill("");
    await this.page.locator("#red-ui-palette-search input").pressSequentially(words);
    await this.page.locator(`.red-ui-palette-node[data-palette-type="${hidden}"]`).waitFor({ state: "hidden" });
    await this.page.locator(`.red-ui-palette-node[data-palette-type="${shown}"]`).waitFor();
  }

  /** Drags a node of the type from the palette to the canvas. */
  async drop(type: string, { x, y }: { x: number; y: number }): Promise<void> {
    const entry = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await entry.scrollIntoViewIfNeeded();
    await entry.hover();
    const canvas = await this.page.locator("#red-ui-workspace-chart").boundingBox();
    await this.page.mouse.down();
    await this.page.mouse.move((canvas?.x ?? 0) + x, (canvas?.y ?? 0) + y, { steps: 8 });
    await this.page.mouse.up();
    await this.#onCanvas(type);
  }

  /** Drags a wire from the output of the first node of a type to the input of the first one of another. */
  async wire(from: string, to: string): Promise<void> {
    const output = (await this.#onCanvas(from)).locator(".red-ui-flow-port-output .red-ui-flow-port");
    const input = (await this.#onCanvas(to)).locator(".red-ui-flow-port-input .red-ui-flow-port");
    await output.hover();
    await this.page.mouse.down();
    const { x, y, width, height } = (await input.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await this.page.mouse.move(x + width / 2, y + height / 2, { steps: 8 });
    await this.page.mouse.up();
  }

  /** Opens the edit dialog of the first node of the type. @returns the dialog, once it has come to rest */
  async openDialog(type: string): Promise<Locator> {
    const node = await this.#onCanvas(type);
    // Not by a double click, whose second half comes too late from a busy machine.
    await node.locator(".red-ui-flow-node").first().click();
    await this.page.keyboard.press("Enter");
    return this.#atRest(NODE_DIALOG);
  }

  /** Opens the config node that the open dialog refers to, by the pencil beside the property. */
  async openConfigDialog(property: string): Promise<Locator> {
    await this.page.locator(`#node-input-btn-${property}-edit`).click();
    return this.#atRest(CONFIG_DIALOG);
  }

  async cancelDialog(): Promise<void> {
    await this.page.locator("#node-dialog-cancel").click();
    await this.page.locator(NODE_DIALOG).waitFor({ state: "detached" });
  }

  async acceptDialog(): Promise<void> {
    await this.page.locator("#node-dialog-ok").click();
    await this.page.locator(NODE_DIALOG).waitFor({ state: "detached" });
  }

  /** Why a node has a red triangle; nothing if it has none. */
  async problemsOf(id: string): Promise<string[]> {
    return await this.page.evaluate((each) => {
      const node = RED.nodes.node(each);
      return node?.valid === false ? [...(node.validationErrors ?? [])] : [];
    }, id);
  }

  /** Back to the dialog that the config node was opened from. */
  async cancelConfigDialog(): Promise<void> {
    await this.page.locator("#node-config-dialog-cancel").click();
    await this.page.locator(CONFIG_DIALOG).waitFor({ state: "detached" });
    await this.#atRest(NODE_DIALOG);
  }

  /** Presses Done in the config dialog, then in the dialog that it was opened from. */
  async acceptConfigAndDialog(): Promise<void> {
    await this.page.locator("#node-config-dialog-ok").click();
    await this.page.locator(CONFIG_DIALOG).waitFor({ state: "detached" });
    await this.#atRest(NODE_DIALOG);
    await this.page.locator("#node-dialog-ok").click();
    await this.page.locator(NODE_DIALOG).waitFor({ state: "detached" });
  }

  async nodeIds(matches: (type: string) => boolean): Promise<string[]> {
    const nodes = await this.page.evaluate(() => {
      const found: { id: string; type: string }[] = [];
      RED.nodes.eachNode(({ id, type }) => found.push({ id, type }));
      return found;
    });
    return nodes.filter(({ type }) => matches(type)).map(({ id }) => id);
  }

  /** Without the notifications, which cover the canvas for some seconds. */
  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path, style: "#red-ui-notifications { display: none }" });
  }

  async #onCanvas(type: string): Promise<Locator> {
    const [id] = await this.nodeIds((each) => each === type);
    if (id === undefined) throw new Error(`there is no ${type} node`);
    return this.page.locator(`[id="${id}"]`);
  }

  /** Dialogs slide in. */
  async #atRest(selector: string): Promise<Locator> {
    const dialog = this.page.locator(selector);
    await (await dialog.elementHandle())?.waitForElementState("stable");
    return dialog;
  }
}
