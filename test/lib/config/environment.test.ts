import { deepEqual, equal, throws } from "node:assert/strict";
import { usesEnvironment } from "../../../nodes/lib/config/environment";
import { boolean, integer, list, oneOf, parseConfig, text } from "../../../nodes/lib/config/fields";

const fields = {
  port: integer({ default: 1, min: 1, max: 65535 }),
  rejects: boolean({ default: false }),
  format: oneOf(["auto", "json"], { default: "auto" }),
  topic: text({ default: "{sensor}" }),
  allow: list(),
};

const VARIABLES: Record<string, unknown> = {
  PORT: "7",
  ON: true,
  FORMAT: "json",
  SITE: "attic",
  NETS: "10.0.0.0/8, ::1",
};
const environment = (name: string) => VARIABLES[name];

describe("environment variables in a configuration", () => {
  it("set any property as a whole", () => {
    const saved = { port: "${PORT}", rejects: "${ON}", format: " ${FORMAT} ", topic: "${SITE}", allow: "${NETS}" };
    deepEqual(parseConfig(fields, saved, { environment }), {
      port: 7,
      rejects: true,
      format: "json",
      topic: "attic",
      allow: ["10.0.0.0/8", "::1"],
    });
  });

  it("are put into text, and leave what the topic takes from the reading", () => {
    equal(parseConfig(fields, { topic: "plant/${SITE}/{sensor}" }, { environment }).topic, "plant/attic/{sensor}");
  });

  it("set items of a list, in both ways of saving it", () => {
    const expected = ["192.168.0.0/16", "10.0.0.0/8", "::1"];
    deepEqual(parseConfig(fields, { allow: ["192.168.0.0/16", "${NETS}"] }, { environment }).allow, expected);
    deepEqual(parseConfig(fields, { allow: "192.168.0.0/16, ${NETS}" }, { environment }).allow, expected);
  });

  it("are not looked for in the value of another", () => {
    equal(parseConfig(fields, { topic: "${A}" }, { environment: () => "${B}" }).topic, "${B}");
  });

  it("are missed by name, rather than taken for text", () => {
    throws(() => parseConfig(fields, { topic: "plant/${SIET}" }, { environment }), {
      name: "UnsetVariableError",
      property: "topic",
      message: "topic asks for the environment variable SIET, which is not set",
    });
  });

  it("have to hold what the property accepts", () => {
    throws(() => parseConfig(fields, { port: "${SITE}" }, { environment }), {
      message: 'port must be a whole number from 1 to 65535, not "attic"',
    });
  });

  it("are found in tables too", () => {
    deepEqual([[{ scale: "${S}" }], "a{b}$", { a: 1 }, "$(OLD)", null].map(usesEnvironment), [
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
