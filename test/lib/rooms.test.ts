import { deepEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const LIB = resolve(__dirname, "../../nodes/lib");
const FILES = readdirSync(LIB, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
const ROOMS = FILES.filter((file) => file.endsWith("/README.md"))
  .map(dirname)
  .sort();

/** The room of a file: the innermost folder around it that has a README. */
function roomOf(file: string): string | undefined {
  for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) if (ROOMS.includes(folder)) return folder;
  return undefined;
}

/** What the README of a room says in its line "May import: `a`, `b`." */
function allowed(room: string): string[] {
  const [, list] = /^May import: (.+)\.$/m.exec(readFileSync(join(LIB, room, "README.md"), "utf8")) ?? [];
  ok(list !== undefined, `${room}/README.md must say what the room may import`);
  return list === "nothing" ? [] : [...list.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

/** Files of the library that a file imports, relative to it. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(LIB, file), "utf8");
  const paths = [...source.matchAll(/(?:from|import|require\()\s*"(\.[^"]+)"/g)].map(([, path = ""]) => path);
  return paths.map((path) => relative(LIB, resolve(LIB, dirname(file), path))).filter((path) => !path.startsWith(".."));
}

describe("rooms of the library", () => {
  const files = FILES.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));

  it("each have a README, and hold every file", () => {
    deepEqual(
      files.filter((file) => roomOf(file) === undefined),
      [],
    );
  });

  it("import only what their README allows", () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file) ?? "";
      const mayImport = [room, ...allowed(room)];
      return importsOf(file)
        .filter((path) => !mayImport.includes(roomOf(`${path}.ts`) ?? path))
        .map((path) => `${file} imports ${path}`);
    });
    deepEqual(wrong, []);
  });

  it("allow each other nothing in a circle", () => {
    const below = (room: string, path: readonly string[]): void => {
      ok(!path.includes(room), `a circle: ${[...path, room].join(" -> ")}`);
      for (const next of allowed(room)) {
        ok(existsSync(join(LIB, next, "README.md")), `${room} may import ${next}, which is no room`);
        below(next, [...path, room]);
      }
    };
    for (const room of ROOMS) below(room, []);
  });
});
