import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { type Named, NameIndex, PAGE_ROWS } from "../../../nodes/lib/live/name-index";

class Table {
  readonly all: { id: number; name: string; removed: boolean; size: number }[] = [];
  walks = 0;

  add(name: string, size = 0): void {
    this.all.push({ id: (this.all.at(-1)?.id ?? 0) + 1, name, removed: false, size });
  }

  get size() {
    return this.all.filter(({ removed }) => !removed).length;
  }

  values() {
    this.walks++;
    return this.all.filter(({ removed }) => !removed);
  }
}

const ALL = { page: 0, search: "" };
const namesOf = (rows: readonly Named[]) => rows.map(({ name }) => name);

describe("an index of names", () => {
  it("gives pages in order of name", async () => {
    const table = new Table();
    for (let number = 60; number > 0; number--) table.add(`topic ${String(number).padStart(2, "0")}`);
    const index = new NameIndex(table);
    const first = await index.page(ALL, 0);
    deepEqual([first.rows.length, first.pages, first.matched, first.total], [PAGE_ROWS, 3, 60, 60]);
    equal(first.rows[0]?.name, "topic 01");
    const last = await index.page({ page: 99, search: "" }, 0);
    deepEqual([last.page, last.rows.length, last.rows.at(-1)?.name], [2, 10, "topic 60"]);
  });

  it("finds parts of a name in any case", async () => {
    const table = new Table();
    for (const name of ["Kitchen/Temp", "attic/temp", "attic/hum"]) table.add(name);
    const index = new NameIndex(table);
    deepEqual(namesOf((await index.page({ page: 0, search: "TEMP" }, 0)).rows), ["attic/temp", "Kitchen/Temp"]);
    deepEqual(namesOf((await index.page({ page: 0, search: "cellar" }, 0)).rows), []);
  });

  it("walks its table once a second at most, whatever is asked", async () => {
    const table = new Table();
    table.add("a");
    const index = new NameIndex(table);
    for (const search of ["", "a", "b", ""]) await index.page({ page: 0, search }, 500);
    equal(table.walks, 1);
    table.add("b");
    deepEqual(namesOf((await index.page(ALL, 1499)).rows), ["a"]);
    deepEqual(namesOf((await index.page(ALL, 1500)).rows), ["a", "b"]);
    equal(table.walks, 2);
  });

  it("orders by a figure, the greatest first, and by name where it does not know the figure", async () => {
    const table = new Table();
    table.add("b", 5);
    table.add("a", 5);
    table.add("c", 7);
    const index = new NameIndex(table, { size: ({ size }) => size });
    deepEqual(namesOf((await index.page({ ...ALL, by: "size" }, 0)).rows), ["c", "a", "b"]);
    for (const by of ["constructor", "", "other"]) {
      deepEqual(namesOf((await index.page({ ...ALL, by }, 0)).rows), ["a", "b", "c"]);
    }
  });

  it("holds what the table holds, however it changes", async () => {
    const change = fc.record({ name: fc.string({ maxLength: 3 }), victim: fc.nat() });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 20 }), { maxLength: 5 }), async (rounds) => {
        const table = new Table();
        const index = new NameIndex(table);
        let now = 0;
        for (const round of rounds) {
          for (const { name, victim } of round) {
            table.add(name);
            const chosen = table.all[victim % table.all.length];
            if (chosen !== undefined && victim % 3 === 0) chosen.removed = true;
          }
          now += 1000;
          const names: string[] = [];
          const { pages } = await index.page(ALL, now);
          for (let page = 0; page < pages; page++)
            names.push(...namesOf((await index.page({ page, search: "" }, now)).rows));
          deepEqual(
            names.map((name) => name.toLowerCase()),
            table
              .values()
              .map(({ name }) => name.toLowerCase())
              .sort(),
          );
        }
      }),
    );
  });
});
