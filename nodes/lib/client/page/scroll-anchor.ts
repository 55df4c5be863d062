/** What a scroll position may be off by: it is rounded to pixels of the screen. */
const PIXEL = 1;

/**
 * Keeps what is looked at where it is on the screen, whatever changes its height or comes or goes before it. Where cards stand
 * side by side, it may move within its line. Browsers do so only for elements that stay where they are in the document,
 * Safari for none, and what they choose may be the card that goes on to the next line: the style sheet tells them not to.
 */
export class ScrollAnchor {
  readonly #host: HTMLElement;
  readonly #bar: HTMLElement;
  /** Tells of sizes before they are painted. */
  readonly #sizes = new ResizeObserver(() => this.keep());
  #element: Element | undefined;
  /** Where it belongs, from the top of the view. */
  #top = 0;
  /** As it was left here: if it is another, somebody has scrolled. */
  #scrollY = 0;
  #isChanging = false;

  /**
   * @param host of blocks of headings and rows
   * @param bar what may cover the top of them
   */
  constructor(host: HTMLElement, bar: HTMLElement) {
    this.#host = host;
    this.#bar = bar;
    this.#sizes.observe(document.body);
    const choose = (): void => this.#choose();
    host.addEventListener("focusin", choose);
    host.addEventListener("focusout", choose);
    addEventListener("scroll", () => this.#noteScrolling(), { passive: true });
  }

  watch(block: Element): void {
    this.#sizes.observe(block);
  }

  unwatch(block: Element): void {
    this.#sizes.unobserve(block);
  }

  /** @param change of the list: rows that come, go or look different */
  hold(change: () => void): void {
    this.#noteScrolling();
    if (!this.#element?.isConnected) this.#choose();
    this.#isChanging = true;
    change();
    this.#isChanging = false;
    this.#correct();
  }

  /** To be called when something opens above the list, which is what is to be seen. */
  letGo(): void {
    this.#element = undefined;
  }

  /** To be called when rows have been painted where the browser tells of no size before the next frame. */
  keep(): void {
    this.#noteScrolling();
    this.#correct();
  }

  #noteScrolling(): void {
    if (scrollY !== this.#scrollY) this.#choose();
  }

  #correct(): void {
    if (!this.#element?.isConnected) {
      this.#choose();
      return;
    }
    const by = this.#element.getBoundingClientRect().top - this.#top;
    if (Math.abs(by) >= PIXEL) scrollBy({ top: by, behavior: "instant" });
    this.#scrollY = scrollY;
  }

  /** What has the focus; else what is at the top of the view, and from then on the same, since lines break elsewhere each time. */
  #choose(): void {
    // Elements that move in the document lose the focus, and get it back.
    if (this.#isChanging) return;
    const focused = document.activeElement?.closest(".block > *") ?? undefined;
    // At the top, what comes is to be seen, but not in the way of the keyboard.
    const isFree = scrollY === 0 && !focused?.querySelector(":focus-visible");
    this.#element = isFree ? undefined : focused && isInView(focused) ? focused : this.#first();
    this.#top = this.#element?.getBoundingClientRect().top ?? 0;
    this.#scrollY = scrollY;
  }

  /** The first that can be seen whole, if there is one. */
  #first(): Element | undefined {
    const edge = Math.max(0, this.#bar.getBoundingClientRect().bottom);
    let part: Element | undefined;
    for (const block of this.#host.children) {
      if (!isInView(block)) continue;
      for (const element of block.children) {
        const { top, bottom } = element.getBoundingClientRect();
        if (top >= innerHeight) return part;
        if (top >= edge) return element;
        if (bottom > edge) part ??= element;
      }
    }
    return part;
  }
}

function isInView(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
