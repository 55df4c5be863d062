import { deepEqual, equal, throws } from "node:assert/strict";
import {
  boolean,
  type ConfigError,
  defaultsOf,
  type Field,
  integer,
  list,
  nodeReference,
  oneOf,
  optionalInteger,
  parseConfig,
  text,
} from "../../../nodes/lib/config/fields";
import { sentence } from "../../../nodes/lib/text/sentence";

/** What is said about a value that is not accepted. */
function refusal(field: Field<unknown>, saved: unknown): string {
  let said = "accepted";
  try {
    field.parse(saved, "property");
  } catch (error) {
    said = (error as ConfigError).message;
  }
  return said;
}

describe("a whole number", () => {
  const port = integer({ default: 41234, min: 1, max: 65535 });

  it("is read from a number and from the text that the editor saves", () => {
    deepEqual([port.parse(1, "port"), port.parse(" 65535 ", "port")], [1, 65535]);
  });

  for (const wrong of [0, "65536", "", " ", "1.5", "12x", Number.NaN, null, true, ["7"]]) {
    it(`is not ${JSON.stringify(wrong)}`, () => {
      equal(refusal(port, wrong), `property must be a whole number from 1 to 65535, not ${JSON.stringify(wrong)}`);
    });
  }
});

describe("an optional whole number", () => {
  const port = optionalInteger({ min: 1, max: 9 });

  it("is null when it is left empty", () => {
    deepEqual([port.parse("", "port"), port.parse("  ", "port"), port.parse("9", "port")], [null, null, 9]);
  });

  it("is not out of its range", () => {
    equal(refusal(port, "10"), 'property must be empty or a whole number from 1 to 9, not "10"');
  });
});

describe("a yes or no", () => {
  it("may be text, as environment variables are", () => {
    const field = boolean({ default: false });
    deepEqual([field.parse("true", "x"), field.parse("false", "x"), field.parse(true, "x")], [true, false, true]);
    equal(refusal(field, "yes"), 'property must be true or false, not "yes"');
  });
});

describe("a choice", () => {
  it("is one of those given", () => {
    const field = oneOf(["stream", "latest"], { default: "stream" });
    equal(field.parse("latest", "mode"), "latest");
    equal(refusal(field, "last"), 'property must be one of stream, latest, not "last"');
  });
});

describe("a text", () => {
  it("is trimmed", () => equal(text({ default: "" }).parse(" a b ", "topic"), "a b"));

  it("may be a number or a boolean, since an environment variable of a flow may", () => {
    deepEqual([text({ default: "" }).parse(7, "topic"), text({ default: "" }).parse(false, "topic")], ["7", "false"]);
  });

  it("is refused with what its check says", () => {
    const field = text({ default: "", check: (value) => (value === "x" ? sentence("config.text") : undefined) });
    equal(refusal(field, " x "), 'property must be text, not " x "');
    equal(refusal(field, {}), "property must be text, not {}");
  });
});

describe("a list", () => {
  const field = list({ check: (item) => (item === "bad" ? "good" : undefined) });

  it("is read from an array and from text between commas, spaces and line breaks", () => {
    deepEqual(field.parse([" a ", "", "b"], "x"), ["a", "b"]);
    deepEqual(field.parse("a, b\nc  d,", "x"), ["a", "b", "c", "d"]);
  });

  it("may have items that are lists, since an environment variable may hold one", () => {
    deepEqual(field.parse(["a", "b, c", ["d", "e"]], "x"), ["a", "b", "c", "d", "e"]);
  });

  it("may have items with spaces", () => {
    deepEqual(list({ spaces: true }).parse("wind speed, unit", "x"), ["wind speed", "unit"]);
  });

  it("names the item that is wrong", () => {
    equal(refusal(field, "a, bad"), 'property must be good, not "bad"');
    equal(refusal(field, [{}]), "property must be a list of texts, not {}");
    equal(refusal(field, 7), "property must be a list, not 7");
  });
});

describe("a configuration", () => {
  const fields = { port: integer({ default: 1, min: 1, max: 9 }), server: nodeReference("a-server") };

  it("has the default for what is missing", () => {
    deepEqual(parseConfig(fields, { server: "s1" }), { port: 1, server: "s1" });
    deepEqual(defaultsOf(fields), { port: 1, server: "" });
  });

  it("is refused for what does not go together", () => {
    const rules = [
      { property: "port" as const, check: ({ server }: { server: string }) => (server ? "2" : undefined) },
    ];
    deepEqual(parseConfig(fields, {}, { rules }), { port: 1, server: "" });
    throws(() => parseConfig(fields, { server: "s1" }, { rules }), {
      name: "ConfigError",
      code: "CONFIG_INVALID",
      property: "port",
      message: "port must be 2, not 1",
    });
  });

  it("is refused in the words of the dialog, in the language of the user", () => {
    const words: Record<string, string> = {
      "a-node.label.port": "Anschluss",
      "messages.config.must-be": "__property__: __accepted__ statt __value__",
    };
    const translate = (key: string, values: Record<string, unknown>) =>
      (words[key] ?? key).replace(/__(\w+?)__/g, (_, name: string) => String(values[name]));
    throws(
      () => parseConfig(fields, { port: 10 }, { type: "a-node" }),
      (error: ConfigError) => {
        equal(error.translated(translate), "Anschluss: a whole number from 1 to 9 statt 10");
        return true;
      },
    );
  });
});
