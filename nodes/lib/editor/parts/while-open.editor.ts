const INTERVAL_MS = 1000;

/** Runs something now and once a second, as long as an element is in an open dialog that somebody can see. */
export async function whileOpen(element: JQuery, run: () => Promise<void>): Promise<void> {
  while (element[0]?.isConnected) {
    if (document.visibilityState === "visible") await run();
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
