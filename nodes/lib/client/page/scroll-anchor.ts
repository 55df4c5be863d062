/**
 * Keeps what is looked at where it is when rows come or go before it. Browsers do so only for elements that stay where they
 * are in the document, and Safari for none.
 */
export class ScrollAnchor {
  readonly #host: HTMLElement;
  #element: Element | undefined;

  /** @param host of blocks of headings and rows */
  constructor(host: HTMLElement) {
    this.#host = host;
  }

  hold(change: () => void): void {
    // At the top, what comes is to be seen.
    const element = scrollY > 0 ? this.#choose() : undefined;
    this.#element = element;
    const top = element?.getBoundingClientRect().top ?? 0;
    change();
    if (!element?.isConnected) return;
    const by = element.getBoundingClientRect().top - top;
    if (by !== 0) scrollBy({ top: by, behavior: "instant" });
  }

  /** What has the focus; else the same as before, since lines of several columns break elsewhere each time. */
  #choose(): Element | undefined {
    const focused = document.activeElement?.closest(".block > *") ?? undefined;
    return [focused, this.#element].find((element) => element !== undefined && isInView(element)) ?? this.#first();
  }

  #first(): Element | undefined {
    const block = Array.from(this.#host.children).find(isInView);
    return block && Array.from(block.children).find(isInView);
  }
}

function isInView(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return element.isConnected && bottom > 0 && top < innerHeight;
}
