import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { EditorPage } from "./editor-page";

/** A user whose steps are counted: each click, each field that is filled in, each choice, each thing that is dragged. */
export class CountedSteps {
  readonly #editor: EditorPage;
  readonly #taken: string[] = [];

  constructor(editor: EditorPage) {
    this.#editor = editor;
  }

  async click(what: Locator): Promise<void> {
    this.#taken.push(`click ${what}`);
    await what.click();
  }

  async fill(field: Locator, text: string): Promise<void> {
    this.#taken.push(`fill in ${field}`);
    await field.fill(text);
  }

  async choose(select: Locator, label: string): Promise<void> {
    this.#taken.push(`choose ${label}`);
    await select.selectOption({ label });
  }

  async drop(type: string, place: { x: number; y: number }): Promise<void> {
    this.#taken.push(`drag ${type} to the canvas`);
    await this.#editor.drop(type, place);
  }

  async wire(from: string, to: string): Promise<void> {
    this.#taken.push(`wire ${from} to ${to}`);
    await this.#editor.wire(from, to);
  }

  async openDialog(type: string): Promise<Locator> {
    this.#taken.push(`double-click ${type}`);
    return await this.#editor.openDialog(type);
  }

  async deploy(): Promise<void> {
    this.#taken.push("deploy");
    assert.ok((await this.#editor.deploy()) < 300);
  }

  /** Shows the tab Sensorcast, from the menu of tabs if there is no room for its button. */
  async openSidebar(): Promise<Locator> {
    const { page } = this.#editor;
    const sidebar = page.locator(".sensorcast-sidebar");
    // Node-RED 5 opens what was open before, and its button would close that.
    if (await sidebar.isVisible()) return sidebar;
    const button = page.locator("#red-ui-tab-sensorcast-link-button, button[data-tab-id=sensorcast]");
    if (await button.isVisible()) {
      await this.click(button);
    } else {
      await this.click(page.locator("#red-ui-sidebar .red-ui-tab-link-button-menu"));
      await this.click(page.locator(".red-ui-menu-label:visible", { hasText: "Sensorcast" }));
    }
    await sidebar.waitFor();
    return sidebar;
  }

  atMost(steps: number): void {
    assert.ok(this.#taken.length <= steps, `${this.#taken.length} steps: ${this.#taken.join(", ")}`);
  }
}
