import assert from "node:assert/strict";
import { normalizeOrigin, originDenial, originError, originPolicy } from "../../../nodes/lib/access/origin";
import { inEnglish } from "../../../nodes/lib/text/sentence";

function problem(text: string): string | undefined {
  const accepted = originError(text);
  return accepted && inEnglish(accepted);
}

describe("origin policy", () => {
  const cases: readonly [origin: string | undefined, host: string | undefined, listed: string[], allowed: boolean][] = [
    [undefined, "good.com", [], true],
    [undefined, undefined, [], true],
    ["http://good.com", "good.com", [], true],
    ["http://good.com:8080", "good.com:1880", [], true],
    ["https://GOOD.com", "good.COM", [], true],
    ["HTTPS://good.com", "good.com", [], true],
    ["http://[::1]:8080", "[::1]:1880", [], true],
    ["http://[0:0::1]", "[::1]:1880", [], true],
    ["http://[::1]", "[::2]", [], false],
    ["http://192.168.1.7:1880", "192.168.1.7:1880", [], true],
    ["http://bücher.example", "xn--bcher-kva.example", [], true],
    ["http://good.com.", "good.com.:1880", [], true],
    ["http://good.com.", "good.com", [], false],
    ["http://127.0.0.1", "localhost", [], false],
    ["https://good.com.evil.com", "good.com", [], false],
    ["https://evil-good.com", "good.com", [], false],
    ["https://good.comevil.com", "good.com", [], false],
    ["https://sub.good.com", "good.com", [], false],
    ["https://good.com", "sub.good.com", [], false],
    ["https://evil.com/good.com", "good.com", [], false],
    ["https://evil.com#good.com", "good.com", [], false],
    ["https://good.com@evil.com", "good.com", [], false],
    ["https://evil.com@good.com", "good.com", [], false],
    ["https://:pass@good.com", "good.com", [], false],
    ["https://good.com\\@evil.com", "good.com", [], false],
    ["https:good.com", "good.com", [], false],
    ["https://go\tod.com", "good.com", [], false],
    [" https://good.com", "good.com", [], false],
    ["http://good.com, http://evil.com", "good.com", [], false],
    ["good.com", "good.com", [], false],
    ["null", "good.com", [], false],
    ["null", "null", [], false],
    ["http://null", "null", [], true],
    ["NULL", "good.com", ["null"], false],
    ["null", "good.com", ["null"], true],
    ["", "good.com", [], false],
    ["", "", [], false],
    ["file://", "good.com", [], false],
    ["file://good.com", "good.com", [], false],
    ["chrome-extension://good.com", "good.com", [], false],
    ["http://good.com", undefined, [], false],
    ["http://good.com", "", [], false],
    ["http://good.com", "not a host", [], false],
    ["http://good.com", "evil.com@good.com", [], false],
    ["http://good.com", "good.com/evil.com", [], false],
    ["https://page.org", "good.com", ["https://page.org"], true],
    ["https://page.org", "good.com", ["HTTPS://Page.org:443/"], true],
    ["https://page.org:444", "good.com", ["https://page.org"], false],
    ["http://page.org", "good.com", ["https://page.org"], false],
    ["https://page.org.evil.com", "good.com", ["https://page.org"], false],
    ["https://page.org", undefined, ["https://page.org"], true],
    ["null", "good.com", ["file://"], true],
    ["file://", "good.com", ["null"], true],
    ["https://page.org", "good.com", ["*"], true],
    ["null", "good.com", ["*"], true],
    ["capacitor://localhost", "good.com", ["*"], true],
  ];
  for (const [origin, host, listed, allowed] of cases) {
    it(`${allowed ? "accepts" : "refuses"} ${JSON.stringify(origin)} at ${host}${listed.length > 0 ? ` with ${listed}` : ""}`, () => {
      const denial = originDenial(origin, { host, provesNothing: false }, originPolicy(listed, false));
      assert.equal(denial === undefined, allowed, denial);
    });
  }

  it("refuses a missing origin when one is required", () => {
    const policy = originPolicy([], true);
    const requested = { host: "good.com", provesNothing: false };
    assert.equal(originDenial(undefined, requested, policy), "missing");
    assert.equal(originDenial("http://good.com", requested, policy), undefined);
  });

  it("believes no name of its own where a name proves nothing, but loopback names and addresses", () => {
    const policy = originPolicy(["https://listed.example"], false);
    const denial = (name: string) =>
      originDenial(`http://${name}`, { host: `${name}:1880`, provesNothing: true }, policy);
    for (const name of ["localhost", "a.localhost", "127.0.0.1", "192.168.1.7", "[fe80::1]"]) {
      assert.equal(denial(name), undefined, name);
    }
    for (const name of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "raspberrypi"]) {
      assert.equal(denial(name), "unproven", name);
    }
    assert.equal(originDenial("https://listed.example", { host: "x", provesNothing: true }, policy), undefined);
  });

  it("tells why it refuses", () => {
    const policy = originPolicy([], false);
    assert.equal(originDenial("null", { host: "a", provesNothing: false }, policy), "hostless-page");
    assert.equal(originDenial("http://b", { host: "a", provesNothing: false }, policy), "foreign");
    assert.equal(originDenial("http://b", { host: undefined, provesNothing: false }, policy), "no-host");
  });

  it("writes origins in one form", () => {
    assert.equal(normalizeOrigin("HTTPS://Page.org:443/"), "https://page.org");
    assert.equal(normalizeOrigin("https://BÜCHER.example"), "https://xn--bcher-kva.example");
    assert.equal(normalizeOrigin("page.org"), undefined);
    assert.equal(normalizeOrigin("https://page.org/path"), undefined);
  });

  it("says what it accepts in a list", () => {
    for (const origin of ["https://page.org", "http://[::1]:8080", "null", "file://", "*"])
      assert.equal(originError(origin), undefined);
    for (const text of ["page.org", "https://page.org/app", "ws://page.org", "https://", "https://a b", ""]) {
      assert.match(problem(text) ?? "", /an origin such as "https:\/\/example.com"/);
    }
    assert.match(problem("https://*.page.org") ?? "", /wildcards are not accepted/);
  });
});
