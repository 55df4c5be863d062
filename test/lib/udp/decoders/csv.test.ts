import assert from "node:assert/strict";
import fc from "fast-check";
import { inEnglish } from "../../../../nodes/lib/text/sentence";
import { createCsvDecoder } from "../../../../nodes/lib/udp/decoders/csv";
import { checkCsvColumn, csvSeparator } from "../../../../nodes/lib/udp/decoders/csv-options";
import { assertRefused } from "../../../support/decoding";

const decode = createCsvDecoder({ columns: ["sensor", "value", "unit"], separator: "," });

describe("format csv", () => {
  const accepted: [what: string, text: string, readings: object[]][] = [
    ["a line", "kitchen,21.5,°C", [{ sensor: "kitchen", value: 21.5, unit: "°C" }]],
    [
      "lines of any ending",
      "a,1,m\r\nb,2,m\nc,3,m\r\n",
      [
        { sensor: "a", value: 1, unit: "m" },
        { sensor: "b", value: 2, unit: "m" },
        { sensor: "c", value: 3, unit: "m" },
      ],
    ],
    ["an empty cell as null", "a,,m", [{ sensor: "a", value: null, unit: "m" }]],
    ["an empty last cell as null", "a,1,", [{ sensor: "a", value: 1, unit: null }]],
    ["fewer cells than columns", "a,1", [{ sensor: "a", value: 1 }]],
    ["more cells than columns, by their position", "a,1,m,x", [{ sensor: "a", value: 1, unit: "m", "4": "x" }]],
    ["blanks around values", " a , 1 , m ", [{ sensor: "a", value: 1, unit: "m" }]],
    [
      "quoted separators, quotes and line breaks",
      '"a,b","say ""hi""","two\nlines"',
      [{ sensor: "a,b", value: 'say "hi"', unit: "two\nlines" }],
    ],
    ["a quoted number as text", '"007","42",""', [{ sensor: "007", value: "42", unit: "" }]],
    ["a quote within a value as it is", 'pipe,5.5,3/4"', [{ sensor: "pipe", value: 5.5, unit: '3/4"' }]],
    [
      "quoted lines with an empty line between",
      '"a",1\r\n\r\n"b",2\r\n',
      [
        { sensor: "a", value: 1 },
        { sensor: "b", value: 2 },
      ],
    ],
    ["an empty cell behind a quoted one", '"a", ', [{ sensor: "a", value: null }]],
  ];
  for (const [what, text, readings] of accepted) {
    it(`takes ${what}`, () => assert.deepEqual(decode(Buffer.from(text)), readings));
  }

  const numbers: [text: string, value: unknown][] = [
    ["-40", -40],
    ["+1.5", 1.5],
    [".5", 0.5],
    ["1e-3", 0.001],
    ["0.0", 0],
    ["0x1f", "0x1f"],
    ["1_000", "1_000"],
    ["Infinity", "Infinity"],
    ["1e999", "1e999"],
    ["007", "007"],
    ["12345678901234567890", "12345678901234567890"],
    ["12:30", "12:30"],
  ];
  for (const [text, value] of numbers) {
    it(`reads ${text} as ${JSON.stringify(value)}`, () => {
      assert.deepEqual(decode(Buffer.from(`a,${text}`)), [{ sensor: "a", value }]);
    });
  }

  it("names columns by their position when no names are set", () => {
    assert.deepEqual(createCsvDecoder({ columns: [], separator: ";" })(Buffer.from("1,5;x")), [
      { "1": "1,5", "2": "x" },
    ]);
  });

  it("splits at tabs, and at runs of spaces", () => {
    const columns = ["a", "b", "c"];
    const readings = [{ a: 1, b: "two words", c: 3 }];
    assert.deepEqual(createCsvDecoder({ columns, separator: "\t" })(Buffer.from("1\ttwo words\t3")), readings);
    assert.deepEqual(createCsvDecoder({ columns, separator: " " })(Buffer.from('  1   "two words" 3 ')), readings);
    assert.deepEqual(createCsvDecoder({ columns, separator: " " })(Buffer.from("  1   2  3 ")), [{ a: 1, b: 2, c: 3 }]);
  });

  it("refuses a quote that is not closed", () => assertRefused(decode, 'a,"b', "decode", /not closed/));
  it("refuses text behind a closing quote", () => assertRefused(decode, '"a"b,1', "decode", /followed by "b"/));
  it("refuses an empty datagram", () => assertRefused(decode, " \r\n\n", "decode", /no line/));
  it("refuses more than 4096 cells in a line, quoted or not", () => {
    for (const line of [",".repeat(4096), `"a"${",".repeat(5000)}`]) {
      assertRefused(decode, line, "decode", /more than 4096 fields/);
    }
  });
  it("refuses more than 4096 lines", () => assertRefused(decode, "1\n".repeat(4097), "decode", /more than 4096/));
  it("refuses bytes that are not UTF-8", () => assertRefused(decode, Buffer.from([0xb0]), "decode", /UTF-8/));

  it("reads back any cells that are quoted as RFC 4180 says", () => {
    const cells = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(cells, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(",", ";", "\t", "|", " "),
        (rows, separator) => {
          const text = rows
            .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator))
            .join("\r\n");
          const readings = createCsvDecoder({ columns: [], separator })(Buffer.from(text));
          assert.deepEqual(
            readings.map((reading) => Object.values(reading as object)),
            rows,
          );
        },
      ),
    );
  });
});

describe("the options of format csv", () => {
  it("knows separators by sign and by word", () => {
    const saved = [",", " ", "\t", ";", "|", ":", "tab", "TAB", "\\t", "space"];
    assert.deepEqual(
      saved.map((text) => csvSeparator.parse(text, "csvSeparator")),
      [",", " ", "\t", ";", "|", ":", "\t", "\t", "\t", " "],
    );
  });
  for (const separator of [5, "", ",,", '"', "\n", "x", "5", "_"]) {
    it(`refuses the separator ${JSON.stringify(separator)}`, () => {
      const message = /^csvSeparator must be one character other than a letter/;
      assert.throws(() => csvSeparator.parse(separator, "csvSeparator"), { name: "ConfigError", message });
    });
  }
  it("refuses the column __proto__", () => {
    const accepted = checkCsvColumn("__proto__") ?? assert.fail("accepted");
    assert.equal(typeof accepted === "string" ? accepted : inEnglish(accepted), "a name other than __proto__");
    assert.equal(checkCsvColumn("constructor"), undefined);
  });
});
