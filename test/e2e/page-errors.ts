import type { BrowserContext } from "playwright-core";

/**
 * Collects, from now on, what a user would find wrong in the browser's console, and requests that leave the machine.
 *
 * @returns the collection, which grows
 */
export function watchForErrors(context: BrowserContext): string[] {
  const errors: string[] = [];
  context.on("weberror", (error) => errors.push(`uncaught: ${error.error().message}`));
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(http|ws)s?:$/.test(protocol) && hostname !== "127.0.0.1") errors.push(`request to ${hostname}`);
  });
  return errors;
}
