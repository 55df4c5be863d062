import assert from "node:assert/strict";
import fc from "fast-check";
import { parseConfig } from "../../../../nodes/lib/config/fields";
import { inEnglish } from "../../../../nodes/lib/text/sentence";
import { createCsvDecoder } from "../../../../nodes/lib/udp/decoders/csv/csv";
import { type CsvOptions, checkCsvColumn, csvSeparator } from "../../../../nodes/lib/udp/decoders/csv/csv-options";
import { fields, rules } from "../../../../nodes/udp-sensor-in.config";
import { assertRefused } from "../../../support/decoding";

/** A decoder with these options, and otherwise as it is by default. */
const decoderWith = (options: Partial<CsvOptions>) =>
  createCsvDecoder({ columns: [], separator: ",", header: false, decimal: ".", ...options });

const decode = decoderWith({ columns: ["sensor", "value", "unit"], separator: "," });

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
    assert.deepEqual(decoderWith({ columns: [], separator: ";" })(Buffer.from("1,5;x")), [{ "1": "1,5", "2": "x" }]);
  });

  it("splits at tabs, and at runs of spaces", () => {
    const columns = ["a", "b", "c"];
    const readings = [{ a: 1, b: "two words", c: 3 }];
    assert.deepEqual(decoderWith({ columns, separator: "\t" })(Buffer.from("1\ttwo words\t3")), readings);
    assert.deepEqual(decoderWith({ columns, separator: " " })(Buffer.from('  1   "two words" 3 ')), readings);
    assert.deepEqual(decoderWith({ columns, separator: " " })(Buffer.from("  1   2  3 ")), [{ a: 1, b: 2, c: 3 }]);
  });

  it("refuses a quote that is not closed", () => assertRefused(decode, 'a,"b', "decode", /not closed/));
  it("refuses text behind a closing quote", () => assertRefused(decode, '"a"b,1', "decode", /followed by "b"/));
  it("refuses an empty datagram", () => assertRefused(decode, " \r\n\n", "decode", /no line/));
  describe("whose first line names the columns", () => {
    const read = (text: string, options: Partial<CsvOptions> = {}) =>
      decoderWith({ header: true, columns: ["ignored"], ...options })(Buffer.from(text));

    it("has those names in each reading", () => {
      assert.deepEqual(read("sensor, value\nkitchen,21.5\nattic,19,x\n"), [
        { sensor: "kitchen", value: 21.5 },
        { sensor: "attic", value: 19, "3": "x" },
      ]);
      assert.deepEqual(read('"sensor","the ""value"""\n"a",1'), [{ sensor: "a", 'the "value"': 1 }]);
    });

    it("calls columns without a name of their own by their position", () => {
      assert.deepEqual(read("2,\n5,6"), [{ "2": 5, "2_": 6 }]);
      assert.deepEqual(read("a,,a,2\n1,2,3,4"), [{ a: 1, "2": 2, "3": 3, "4": 4 }]);
    });

    it("refuses a column __proto__", () => {
      assertRefused(decoderWith({ header: true }), "a,__proto__\n1,2", "decode", /__proto__/);
    });

    it("refuses names alone", () =>
      assertRefused(decoderWith({ header: true }), "a,b\n", "decode", /no line of values/));
  });

  it("reads decimals behind a comma, and then nothing else as a number", () => {
    const read = decoderWith({ separator: ";", decimal: "," });
    assert.deepEqual(read(Buffer.from('21,5;-3;1.234;1.234,5;01.02.2026;"2,5";1,2,3')), [
      { "1": 21.5, "2": -3, "3": "1.234", "4": "1.234,5", "5": "01.02.2026", "6": "2,5", "7": "1,2,3" },
    ]);
  });

  it("cannot have the comma both for decimals and between values", () => {
    assert.throws(() => parseConfig(fields, { format: "csv", csvDecimal: "," }, { rules }), {
      message: /^csvDecimal must be a point, or a comma where the separator is none/,
    });
    parseConfig(fields, { format: "csv", csvDecimal: ",", csvSeparator: ";" }, { rules });
    parseConfig(fields, { format: "json", csvDecimal: "," }, { rules });
  });

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
          const readings = decoderWith({ columns: [], separator })(Buffer.from(text));
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
