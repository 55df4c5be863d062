import type { BlockPlan } from "./block-plan";
import { create } from "./dom";

/** Told of blocks as they come and go. */
export interface BlockWatcher {
  watch(block: Element): void;
  unwatch(block: Element): void;
}

/**
 * The list as a sequence of blocks of rows. The browser lays out only those that are in sight (`content-visibility`), and
 * when a row changes, only its block.
 */
export class Blocks {
  readonly #host: HTMLElement;
  readonly #watcher: BlockWatcher;
  readonly #blocks: HTMLElement[] = [];

  constructor(host: HTMLElement, watcher: BlockWatcher) {
    this.#host = host;
    this.#watcher = watcher;
  }

  /** Moves only what is not in its place; what has the focus keeps it. */
  show({ blocks }: BlockPlan<HTMLElement>): void {
    const focused = document.activeElement;
    for (const [index, elements] of blocks.entries()) fill(this.#blocks[index] ?? this.#add(), elements);
    for (const block of this.#blocks.splice(blocks.length)) {
      this.#watcher.unwatch(block);
      block.remove();
    }
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement)
      focused.focus({ preventScroll: true });
  }

  #add(): HTMLElement {
    const block = create("div", "block");
    this.#blocks.push(block);
    this.#host.append(block);
    this.#watcher.watch(block);
    return block;
  }
}

function fill(block: HTMLElement, elements: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(elements);
  for (const element of [...block.children]) if (!wanted.has(element)) element.remove();
  let next = block.firstElementChild;
  for (const element of elements) {
    if (element === next) next = next.nextElementSibling;
    else block.insertBefore(element, next);
  }
  block.style.setProperty("--rows", String(elements.length));
}
