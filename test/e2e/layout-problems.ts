import type { Locator } from "playwright-core";

/**
 * What does not fit in a part of a page: text that is wider than what it is in or that covers something else, choices and
 * placeholders that their field cuts off.
 *
 * @param mayBeCut selector of what may end in an ellipsis, since it comes from outside and is shown in full on hovering
 * @returns a sentence for each
 */
export async function layoutProblems(root: Locator, mayBeCut = ""): Promise<string[]> {
  // What esbuild calls for each function that has a name.
  await root.page().evaluate("globalThis.__name ??= (named) => named");
  return await root.evaluate(findProblems, mayBeCut);
}

/** Runs in the page: it may use nothing from outside. */
function findProblems(root: Element, mayBeCut: string): string[] {
  /** Of a rounded layout, and of glyphs that reach over their box. */
  const TOLERANCE_PX = 1.5;
  const ARROW_PX = 18;
  const problems = new Set<string>();
  const canvas = document.createElement("canvas").getContext("2d");
  const bounds = root.getBoundingClientRect();

  type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

  interface Placed {
    readonly element: Element;
    readonly text: string;
    readonly rect: DOMRect;
  }

  const isShown = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
  const mayCut = (element: Element): boolean => mayBeCut !== "" && element.closest(mayBeCut) !== null;
  const nameOf = (element: Element): string =>
    `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}${element.classList.length > 0 ? `.${element.classList[0]}` : ""}`;

  function widthOf(text: string, element: Element): number {
    if (canvas === null) return 0;
    const { font, fontSize } = getComputedStyle(element);
    canvas.font = font;
    // Where there is no font for them, these characters are measured too narrow.
    const ideographs = text.match(/[\u3000-\u9fff\uff00-\uffef]/g) ?? [];
    const measured = canvas.measureText(ideographs.join("")).width;
    return canvas.measureText(text).width + Math.max(ideographs.length * Number.parseFloat(fontSize) - measured, 0);
  }

  function roomIn(element: HTMLElement): number {
    const { paddingLeft, paddingRight } = getComputedStyle(element);
    return element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  }

  /** Without the one that Node-RED adds to the config nodes of a type. */
  const choicesOf = ({ options }: HTMLSelectElement): string[] =>
    [...options].filter(({ value }) => value !== "_ADD_").map(({ text }) => text);

  function checkField(field: Field): void {
    const arrow = field instanceof HTMLSelectElement ? ARROW_PX : 0;
    const texts = field instanceof HTMLSelectElement ? choicesOf(field) : [field.placeholder];
    for (const text of texts) {
      const missing = widthOf(text, field) - (roomIn(field) - arrow);
      if (missing > TOLERANCE_PX) problems.add(`${nameOf(field)} cuts off ${Math.ceil(missing)} px of "${text}"`);
    }
  }

  /** The lines of text, each where it is. */
  function placedTexts(): Placed[] {
    const placed: Placed[] = [];
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? "";
      if (element === null || text === "" || element.closest("option, script, style") || !isShown(element)) continue;
      if (mayCut(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects())
        if (rect.width > 1 && rect.height > 1) placed.push({ element, text, rect });
    }
    return placed;
  }

  /** Labels break between words, not within. */
  function checkWords({ element, text }: Placed): void {
    const label = element.closest("label, th, button");
    if (!(label instanceof HTMLElement)) return;
    const longest = Math.max(...text.split(/\s+|(?<=[-/])/).map((word) => widthOf(word, element)));
    const missing = longest - element.getBoundingClientRect().width;
    if (missing > TOLERANCE_PX && !/[\u3000-\u9fff]/.test(text)) problems.add(`a word of "${text}" is broken in two`);
  }

  /** Against what it is in, up to the root: a box that scrolls sideways does not count as room. */
  function checkRoom({ element, text, rect }: Placed): void {
    for (let box: Element | null = element; box !== null; box = box === root ? null : box.parentElement) {
      if (getComputedStyle(box).display.startsWith("inline") && !box.matches("button, a.red-ui-button")) continue;
      const { left, right } = box.getBoundingClientRect();
      const over = Math.max(rect.right - right, left - rect.left);
      if (over <= TOLERANCE_PX) continue;
      problems.add(`"${text}" is ${Math.ceil(over)} px wider than ${nameOf(box)}`);
      return;
    }
  }

  function overlap(a: DOMRect, b: DOMRect): boolean {
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return width > TOLERANCE_PX && height > Math.min(a.height, b.height) * 0.35;
  }

  const placed = placedTexts();
  const fields = [...root.querySelectorAll<Field>("input, select, textarea")].filter(
    (field) => isShown(field) && field.type !== "hidden",
  );
  for (const text of placed) {
    checkRoom(text);
    checkWords(text);
  }
  for (const field of fields) {
    if (field.type !== "checkbox") checkField(field);
    const rect = field.getBoundingClientRect();
    if (rect.right - bounds.right > TOLERANCE_PX) problems.add(`${nameOf(field)} is beyond the right edge`);
    for (const text of placed) {
      if (overlap(rect, text.rect)) problems.add(`"${text.text}" covers ${nameOf(field)}`);
    }
  }
  for (const [index, one] of placed.entries()) {
    for (const other of placed.slice(index + 1)) {
      if (one.element !== other.element && overlap(one.rect, other.rect)) {
        problems.add(`"${one.text}" covers "${other.text}"`);
      }
    }
  }
  if (root.scrollWidth - root.clientWidth > TOLERANCE_PX) {
    problems.add(`${nameOf(root)} is ${root.scrollWidth - root.clientWidth} px too narrow for what it holds`);
  }
  return [...problems];
}
