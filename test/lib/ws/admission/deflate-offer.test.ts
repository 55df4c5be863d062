import assert from "node:assert/strict";
import { acceptableOffer } from "../../../../nodes/lib/ws/admission/deflate-offer";

describe("offers of permessage-deflate", () => {
  for (const [client, header, accepted] of [
    ["Chromium", "permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits"],
    ["Firefox", "permessage-deflate", "permessage-deflate"],
    [
      "Python's websockets",
      "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
      "permessage-deflate; client_max_window_bits",
    ],
    ["one that quotes", 'permessage-deflate; server_max_window_bits="15"', "permessage-deflate"],
    [
      "one with other extensions",
      "x-webkit-deflate-frame, permessage-deflate;client_no_context_takeover",
      "permessage-deflate",
    ],
    [
      "one with a second choice",
      "permessage-deflate; server_no_context_takeover, permessage-deflate; server_max_window_bits=8, permessage-deflate",
      "permessage-deflate",
    ],
  ] as const) {
    it(`of ${client} are accepted`, () => assert.equal(acceptableOffer(header), accepted));
  }

  for (const header of [
    undefined,
    "",
    ",;,=",
    "deflate",
    "permessage-deflate-x",
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; server_max_window_bits=11",
    "permessage-deflate; server_max_window_bits",
    "permessage-deflate; server_max_window_bits=99",
    "permessage-deflate; server_max_window_bits=-1",
    "permessage-deflate; server_max_window_bits=12; server_max_window_bits=12",
    "permessage-deflate; client_max_window_bits=7",
    "permessage-deflate; client_max_window_bits=1e1",
    "permessage-deflate; client_no_context_takeover=1",
    "permessage-deflate; mem_level=9",
    "permessage-deflate; constructor",
    "permessage-deflate; ",
    `permessage-deflate; ${"a".repeat(10_000)}`,
    ", ".repeat(8000),
  ]) {
    it(`are none: ${header?.slice(0, 80)}`, () => assert.equal(acceptableOffer(header), undefined));
  }
});
