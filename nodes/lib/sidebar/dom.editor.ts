/** An element with a class and a text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className.replace(/\S+/g, "sensorcast-$&");
  if (text !== "") element.textContent = text;
  return element;
}

/** Leaves the element alone when nothing changes, so that a selection in it stays. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A text that may be cut off where there is no room: the whole of it is shown on hovering. */
export function setCutText(element: HTMLElement, text: string): void {
  setText(element, text);
  if (element.title !== text) element.title = text;
}

export function button(text: string, press: () => void): HTMLButtonElement {
  const element = make("button", "", text);
  element.type = "button";
  element.className = "red-ui-button red-ui-button-small";
  element.addEventListener("click", press);
  return element;
}

/** A table with a heading for each column. @returns it, and where its rows go */
export function table(headings: readonly string[]): { readonly element: HTMLElement; readonly body: HTMLElement } {
  const element = make("table", "table");
  const head = make("tr");
  for (const heading of headings) {
    const cell = make("th", "", heading);
    cell.scope = "col";
    head.append(cell);
  }
  const header = make("thead");
  header.append(head);
  const body = make("tbody");
  element.append(header, body);
  return { element, body };
}
