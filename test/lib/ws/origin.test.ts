import assert from "node:assert/strict";
import { normalizeOrigin, originAllowed } from "../../../nodes/lib/ws/origin";

describe("origin check", () => {
  const cases: readonly [origin: string | undefined, host: string | undefined, listed: string[], allowed: boolean][] = [
    [undefined, "good.com", [], true],
    ["http://good.com", "good.com", [], true],
    ["http://good.com:8080", "good.com:1880", [], true],
    ["https://GOOD.com", "good.COM", [], true],
    ["http://[::1]:8080", "[::1]:1880", [], true],
    ["http://127.0.0.1", "localhost", [], false],
    ["https://good.com.evil.com", "good.com", [], false],
    ["https://evil-good.com", "good.com", [], false],
    ["https://evil.com/good.com", "good.com", [], false],
    ["https://good.com@evil.com", "good.com", [], false],
    ["null", "good.com", [], false],
    ["null", "null", [], false],
    ["null", "good.com", ["null"], true],
    ["", "good.com", [], false],
    ["file://", "good.com", [], false],
    ["http://good.com", undefined, [], false],
    ["http://good.com", "not a host", [], false],
    ["https://page.org", "good.com", ["https://page.org"], true],
    ["https://page.org:444", "good.com", ["https://page.org"], false],
    ["http://page.org", "good.com", ["https://page.org"], false],
    ["https://page.org.evil.com", "good.com", ["https://page.org"], false],
  ];
  for (const [origin, host, listed, allowed] of cases) {
    it(`${allowed ? "accepts" : "refuses"} ${origin} at ${host}${listed.length > 0 ? ` with ${listed}` : ""}`, () => {
      assert.equal(originAllowed(origin, host, new Set(listed)), allowed);
    });
  }

  it("writes origins in one form", () => {
    assert.equal(normalizeOrigin("HTTPS://Page.org:443/"), "https://page.org");
    assert.equal(normalizeOrigin("page.org"), undefined);
    assert.equal(normalizeOrigin("https://page.org/path"), undefined);
  });
});
