import type { BrowserContext, Page } from "playwright-core";

const PAGE_TIMEOUT_MS = 10_000;

/** The example's page at `/sensors`: one card per sensor. */
export class SensorsPage {
  private constructor(readonly page: Page) {}

  /** Opens it and waits until it says that its WebSocket is live. */
  static async open(context: BrowserContext, nodeRedUrl: string): Promise<SensorsPage> {
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    await page.goto(`${nodeRedUrl}/sensors`);
    await page.locator("#connection.live").waitFor();
    return new SensorsPage(page);
  }

  /** What the sensor's card shows, once there is one. */
  async valueOf(sensor: string): Promise<string> {
    const card = this.page
      .locator("article")
      .filter({ has: this.page.getByRole("heading", { name: sensor, exact: true }) });
    return (await card.locator(".value").textContent()) ?? "";
  }

  /** Resolves once the sensor's card shows something else. */
  async waitForOtherThan(sensor: string, value: string): Promise<void> {
    await this.page.waitForFunction(
      ([name, before]) => {
        const cards = [...document.querySelectorAll("article")];
        const card = cards.find((each) => each.querySelector("h2")?.textContent === name);
        return card?.querySelector(".value")?.textContent !== before;
      },
      [sensor, value],
    );
  }
}
