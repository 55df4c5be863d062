import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
/** WCAG 2.0 to 2.2, levels A and AA. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

declare const axe: { run(selector: string, options: object): Promise<AxeResults> };

/**
 * What axe-core finds wrong in a part of a page, by the rules of WCAG 2, levels A and AA.
 *
 * @param selector of the part; its surroundings count for contrast, but are not examined
 * @returns a sentence for each, with the element
 */
export async function accessibilityProblems(page: Page, selector: string): Promise<string[]> {
  // Not a script of the page: its content security policy allows none from elsewhere.
  await page.evaluate(`globalThis.axe === undefined && (() => { ${AXE} })()`);
  const { violations } = await page.evaluate(
    ([part, values]) => axe.run(part, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    [selector, RULES] as const,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = "" }) => `${id}: ${html} ${failureSummary.replace(/\s+/g, " ")}`),
  );
}
