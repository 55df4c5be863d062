import { deepEqual, equal, match } from "node:assert/strict";
import { columnProblem, type EditedToken, tokenListProblem } from "../../../../nodes/lib/editor/tokens/edited-token";
import { tokenSnippets } from "../../../../nodes/lib/editor/tokens/token-snippets";

const GOOD: EditedToken = { name: "display", token: "0123456789abcdef", topics: ["plant/#"], expires: "2030-12-31" };

describe("a token in the editor", () => {
  it("is marked in the column that is wrong, and only there", () => {
    const wrong: EditedToken = { ...GOOD, topics: ["a#"], expires: "tomorrow" };
    const marked = (["name", "token", "topics", "expires"] as const).filter((column) => columnProblem(wrong, column));
    deepEqual(marked, ["topics", "expires"]);
  });

  it("keeps its name in the sentence about another column", () => {
    match(columnProblem({ ...GOOD, expires: "tomorrow" }, "expires")?.message ?? "", /"display"/);
  });

  it("needs no text when only its hash is known", () => {
    const { token: _, ...saved } = GOOD;
    equal(columnProblem({ ...saved, sha256: "0".repeat(64) }, "token"), undefined);
  });

  it("must differ from the others", () => {
    equal(tokenListProblem([GOOD]), undefined);
    match(tokenListProblem([GOOD, { ...GOOD, name: "phone" }])?.message ?? "", /are the same/);
  });

  it("is shown by a client in three ways", () => {
    deepEqual(tokenSnippets("ws://host/ws", 'a"b&c'), {
      page: 'new WebSocket("ws://host/ws", ["sensorcast", "bearer.a\\"b&c"])',
      url: "ws://host/ws?token=a%22b%26c",
      header: 'Authorization: Bearer a"b&c',
    });
  });
});
