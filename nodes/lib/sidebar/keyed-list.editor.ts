/** What shows one item. */
export interface Row<T> {
  readonly element: HTMLElement;
  update(item: T): void;
}

/** Shows a list that changes all the time: what stays keeps its element, and with it focus, selection and scroll position. */
export class KeyedList<T> {
  readonly #parent: HTMLElement;
  readonly #keyOf: (item: T) => string;
  readonly #create: (item: T) => Row<T>;
  #rows = new Map<string, Row<T>>();

  constructor(parent: HTMLElement, keyOf: (item: T) => string, create: (item: T) => Row<T>) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  rows(): Iterable<Row<T>> {
    return this.#rows.values();
  }

  show(items: readonly T[]): void {
    const rows = new Map<string, Row<T>>();
    let place = this.#parent.firstElementChild;
    for (const item of items) {
      const key = this.#keyOf(item);
      if (rows.has(key)) continue;
      const row = this.#rows.get(key) ?? this.#create(item);
      rows.set(key, row);
      row.update(item);
      if (row.element === place) place = place.nextElementSibling;
      else this.#parent.insertBefore(row.element, place);
    }
    for (const [key, row] of this.#rows) if (!rows.has(key)) row.element.remove();
    this.#rows = rows;
  }
}
