import assert from "node:assert/strict";
import fc from "fast-check";
import { credentialOf } from "../../../nodes/lib/access/bearer";
import { CredentialError } from "../../../nodes/lib/access/errors";

const TOKEN = "abc.DEF-123_~";

describe("bearer credential", () => {
  const cases: readonly [
    what: string,
    url: string,
    rawHeaders: string[],
    token: string | undefined,
    protocol: boolean,
  ][] = [
    ["nothing", "/ws", ["Host", "here"], undefined, false],
    ["the header", "/ws", ["Authorization", `Bearer ${TOKEN}`], TOKEN, false],
    ["the header in other letters", "/ws", ["AUTHORIZATION", `bearer   ${TOKEN} `], TOKEN, false],
    ["the URL", `/ws?topic=a&token=${TOKEN}&mode=latest`, [], TOKEN, false],
    ["the URL, percent-encoded", "/ws?%74oken=a%2Fb%3D%3D", [], "a/b==", false],
    ["the URL with + and =", "/ws?token=a+b=", [], "a+b=", false],
    ["the subprotocol", "/ws", ["Sec-WebSocket-Protocol", `sensorcast, bearer.${TOKEN}`], TOKEN, true],
    ["the subprotocol, token first", "/ws", ["sec-websocket-protocol", `bearer.${TOKEN},sensorcast`], TOKEN, true],
    [
      "the subprotocol in two headers",
      "/",
      ["Sec-WebSocket-Protocol", "sensorcast", "Sec-WebSocket-Protocol", `bearer.${TOKEN}`],
      TOKEN,
      true,
    ],
    ["the subprotocol alone", "/ws", ["Sec-WebSocket-Protocol", "sensorcast"], undefined, true],
    ["another subprotocol", "/ws", ["Sec-WebSocket-Protocol", "mqtt, chat"], undefined, false],
    ["a proxy's authorization", "/ws", ["Authorization", "Basic dXNlcjpwYXNz"], undefined, false],
    ["another scheme that begins alike", "/ws", ["Authorization", "BearerX abc"], undefined, false],
    [
      "one token in three places",
      `/ws?token=${TOKEN}`,
      ["Authorization", `Bearer ${TOKEN}`, "Sec-WebSocket-Protocol", `sensorcast, bearer.${TOKEN}`],
      TOKEN,
      true,
    ],
    ["a token in a parameter of another name", `/ws?xtoken=${TOKEN}&Token=b`, [], undefined, false],
    ["a path that looks like a query", "/token=abc", [], undefined, false],
  ];
  for (const [what, url, rawHeaders, token, protocol] of cases) {
    it(`reads ${what}`, () => {
      assert.deepEqual(credentialOf({ url, rawHeaders }), { token, protocol: protocol ? "sensorcast" : undefined });
    });
  }

  const long = "x".repeat(8193);
  const wrong: readonly [what: string, url: string, rawHeaders: string[], sentence: RegExp][] = [
    [
      "different tokens in URL and header",
      "/ws?token=one",
      ["Authorization", "Bearer two"],
      /different tokens: send one only/,
    ],
    [
      "different tokens in two headers",
      "/",
      ["Authorization", "Bearer one", "Authorization", "Bearer two"],
      /different tokens/,
    ],
    [
      "different tokens as subprotocols",
      "/",
      ["Sec-WebSocket-Protocol", "sensorcast, bearer.one, bearer.two"],
      /different tokens/,
    ],
    ["a token twice in the URL", "/ws?token=one&token=one", [], /may be given only once/],
    ["an empty token in the URL", "/ws?token=", [], /the token in the URL is empty/],
    ["a parameter without a value", "/ws?token", [], /the token in the URL is empty/],
    ["an empty token in the header", "/", ["Authorization", "Bearer"], /the token in Authorization is empty/],
    [
      "an empty token as subprotocol",
      "/",
      ["Sec-WebSocket-Protocol", "sensorcast, bearer."],
      /the token in Sec-WebSocket-Protocol is empty/,
    ],
    [
      "a token as the only subprotocol",
      "/",
      ["Sec-WebSocket-Protocol", "bearer.one"],
      /needs the protocol "sensorcast" beside it/,
    ],
    ["a long token in the URL", `/ws?token=${long}`, [], /longer than 8192 bytes/],
    ["a long token in the header", "/", ["Authorization", `Bearer ${long}`], /longer than 8192 bytes/],
    ["a token of 1 MB", `/ws?token=${"x".repeat(1 << 20)}`, [], /longer than 8192 bytes/],
    ["two words in the header", "/", ["Authorization", "Bearer one two"], /no spaces/],
    ["a space in the URL", "/ws?token=one%20two", [], /no spaces/],
    ["control characters", "/ws?token=one%00%0d%0a", [], /printable ASCII/],
    ["letters beyond ASCII", "/ws?token=%C3%A9", [], /printable ASCII/],
    ["malformed percent-encoding", "/ws?token=%E0%A4%A", [], /malformed percent-encoding/],
  ];
  for (const [what, url, rawHeaders, sentence] of wrong) {
    it(`refuses ${what}, without repeating it`, () => {
      assert.throws(
        () => credentialOf({ url, rawHeaders }),
        (error) =>
          error instanceof CredentialError &&
          sentence.test(error.message) &&
          !/\b(one|two|xxx)/.test(error.message.replace("send one", "")),
      );
    });
  }

  it("throws nothing else, whatever it is sent", () => {
    const header = fc.constantFrom("Authorization", "Sec-WebSocket-Protocol", "X");
    const value = fc.oneof(fc.string(), fc.stringMatching(/^(Bearer |sensorcast, bearer\.)[ -~]*$/));
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webQueryParameters()),
        fc.array(fc.tuple(header, value)),
        (query, headers) => {
          try {
            const { token } = credentialOf({ url: `/ws?token=${query}`, rawHeaders: headers.flat() });
            assert.ok(token === undefined || /^[!-~]{1,8192}$/.test(token));
          } catch (error) {
            assert.ok(error instanceof CredentialError, String(error));
          }
        },
      ),
    );
  });
});
