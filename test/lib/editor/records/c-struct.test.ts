import { deepEqual, match, throws } from "node:assert/strict";
import { rowsOfStruct } from "../../../../nodes/lib/editor/records/c-struct";
import { parseStructTemplate } from "../../../../nodes/lib/udp/decoders/struct/struct-template";

/** As `name type offset`. */
function fieldsOf(source: string): string[] {
  const rows = rowsOfStruct(source);
  return parseStructTemplate(rows, "structTemplate").map(
    ({ name, offset }, index) => `${name} ${rows[index]?.type} ${offset}`,
  );
}

describe("a struct of C", () => {
  it("becomes the rows of a record, as it stands in a program", () => {
    const source = `
      // What the board sends.
      typedef struct __attribute__((packed)) {
        uint16_t id;            /* of the board */
        int16_t  temperature;   // in 0.1 °C; signed
        const unsigned char humidity;
        char name[8];
        float x, y;
      } Reading;`;
    deepEqual(fieldsOf(source), [
      "id u16 0",
      "temperature i16 2",
      "humidity u8 4",
      "name text:8 5",
      "x f32 13",
      "y f32 17",
    ]);
  });

  it("has gaps where compilers leave them, unless it is packed", () => {
    const body = "{ uint8_t a; uint32_t b; bool c; double d; uint16_t e[2]; }";
    deepEqual(fieldsOf(`struct s ${body};`), ["a u8 0", "b u32 4", "c bool 8", "d f64 16", "e0 u16 24", "e1 u16 26"]);
    deepEqual(fieldsOf(`#pragma pack(push, 1)\nstruct s ${body};`), [
      "a u8 0",
      "b u32 1",
      "c bool 5",
      "d f64 6",
      "e0 u16 14",
      "e1 u16 16",
    ]);
  });

  it("may have bits, which share a number", () => {
    deepEqual(fieldsOf("struct { uint8_t low : 4, high : 4; uint8_t next; }"), [
      "low u8:4 0",
      "high u8:4 0",
      "next u8 1",
    ]);
  });

  it("may use the names of C itself", () => {
    const source = "struct { unsigned long int a; long long b; unsigned c; short int d; signed char e; }";
    deepEqual(fieldsOf(source), ["a u32 0", "b i64 8", "c u32 16", "d i16 20", "e i8 22"]);
  });

  it("is refused with what is wrong", () => {
    const refusals: Record<string, RegExp> = {
      "int x;": /no struct/,
      "struct { }": /no struct/,
      "struct { time_t t; }": /time_t/,
      "struct { uint8_t *p; }": /\*p/,
      "struct { uint8_t a[9999]; }": /256/,
    };
    for (const [source, wanted] of Object.entries(refusals)) {
      throws(
        () => rowsOfStruct(source),
        (error: Error) => {
          match(error.message, wanted);
          return true;
        },
        source,
      );
    }
  });
});
