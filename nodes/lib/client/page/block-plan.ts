/** Of so many rows, any number of columns that there is room for makes whole lines. */
const MAX_ROWS = 60;
/** From so many rows on, a heading begins a block. */
const ENOUGH_ROWS = 30;

/** Headings and rows as they follow each other, in blocks. */
export class BlockPlan<T> {
  readonly blocks: T[][] = [];
  #rows = 0;
  #rowsInLine = 0;

  addHeading(heading: T): void {
    const block = this.#rows >= ENOUGH_ROWS ? this.#begin() : this.#current();
    block.push(heading);
    this.#rowsInLine = 0;
  }

  addRow(row: T): void {
    const block = this.#rowsInLine === MAX_ROWS ? this.#begin() : this.#current();
    block.push(row);
    this.#rows++;
    this.#rowsInLine++;
  }

  #current(): T[] {
    return this.blocks.at(-1) ?? this.#begin();
  }

  #begin(): T[] {
    const block: T[] = [];
    this.blocks.push(block);
    this.#rows = this.#rowsInLine = 0;
    return block;
  }
}
