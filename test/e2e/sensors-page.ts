import type { BrowserContext, Locator, Page } from "playwright-core";

const PAGE_TIMEOUT_MS = 10_000;

/** The example's page at `/sensors`: one card per sensor. */
export class SensorsPage {
  private constructor(readonly page: Page) {}

  /** Opens it and waits until it says that its WebSocket is live. */
  static async open(context: BrowserContext, nodeRedUrl: string, query = ""): Promise<SensorsPage> {
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    await page.goto(`${nodeRedUrl}/sensors${query}`);
    await page.locator("#connection.live").waitFor();
    return new SensorsPage(page);
  }

  /** The card of a sensor, whether it is there yet or not. */
  card(sensor: string): Locator {
    return this.page.locator("article").filter({ has: this.page.getByRole("heading", { name: sensor, exact: true }) });
  }

  /** What the sensor's card shows, once it is drawn. */
  async valueOf(sensor: string): Promise<string> {
    return (await this.card(sensor).locator(".reading .value").filter({ hasText: /./ }).textContent()) ?? "";
  }

  /** Resolves once the sensor's card shows that value, and what belongs to it. */
  async waitForValue(sensor: string, value: string): Promise<void> {
    await this.card(sensor).locator(".reading").getByText(value, { exact: true }).waitFor();
  }

  /** What the sensor's card shows below: name and value. */
  async rowsOf(sensor: string): Promise<string[]> {
    const rows = this.card(sensor).locator("dl > div");
    return await rows.evaluateAll((elements) =>
      elements.map((row) => `${row.querySelector("dt")?.textContent} ${row.querySelector("dd")?.textContent}`),
    );
  }

  /** Of all cards, as they stand on the page. */
  async names(): Promise<string[]> {
    return await this.page.locator("article h2").allTextContents();
  }

  /** Resolves once the page says something like that about its connection. */
  async state(said: RegExp): Promise<void> {
    await this.page.locator("#state").filter({ hasText: said }).waitFor();
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
