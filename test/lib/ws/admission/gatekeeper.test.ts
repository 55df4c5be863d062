import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { Gatekeeper, type GatekeeperOptions } from "../../../../nodes/lib/ws/admission/gatekeeper";
import { Refusal } from "../../../../nodes/lib/ws/admission/refusal";
import { FakeClock } from "../../../support/fake-clock";

const OPTIONS: GatekeeperOptions = {
  mode: "stream",
  replay: true,
  origins: [],
  maxClients: 0,
  maxClientsPerAddress: 0,
};
const ADDRESS = "192.0.2.1";

interface Upgrade {
  readonly url?: string;
  readonly peer?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As much of a good upgrade request as is looked at. */
function upgrade({ url = "/ws", peer = ADDRESS, headers = {} }: Upgrade = {}): IncomingMessage {
  const all: Record<string, string> = {
    host: "box:1880",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const rawHeaders = Object.entries(all).flat();
  return {
    method: "GET",
    url,
    headers: all,
    rawHeaders,
    socket: { remoteAddress: peer },
  } as unknown as IncomingMessage;
}

describe("gatekeeper", () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });

  const gatekeeper = (options: Partial<GatekeeperOptions> = {}) => new Gatekeeper({ ...OPTIONS, ...options }, clock);
  const refuses = (run: () => unknown, status: number, says: RegExp): void => {
    assert.throws(run, (error) => error instanceof Refusal && error.status === status && says.test(error.message));
  };

  it("says what a client asks for, and its token only where one is needed", () => {
    const request = upgrade({ url: "/ws?topic=a", headers: { authorization: "Bearer secret" } });
    const { subscription, token } = gatekeeper().admit(request, ADDRESS, true);
    assert.deepEqual([subscription.filters, token], [["a"], "secret"]);
    assert.equal(gatekeeper().admit(request, ADDRESS, false).token, undefined);
  });

  it("refuses a malformed token with 400", () => {
    const request = upgrade({ headers: { authorization: "Bearer two words" } });
    refuses(() => gatekeeper().admit(request, ADDRESS, true), 400, /no spaces/);
  });

  it("finds the address behind trusted proxies, also in several headers", () => {
    const behind = gatekeeper({ trustedProxies: ["10.0.0.0/8"] });
    const headers = { "x-forwarded-for": "203.0.113.7, 10.0.0.2" };
    assert.equal(behind.addressOf(upgrade({ peer: "10.0.0.1", headers })), "203.0.113.7");
    assert.equal(gatekeeper().addressOf(upgrade({ peer: "10.0.0.1", headers })), "10.0.0.1");
    assert.equal(behind.addressOf(upgrade({ peer: "::ffff:192.0.2.9" })), "192.0.2.9");
  });

  it("looks at the address first, then at the rate, and only then at anything that costs more", () => {
    const strict = gatekeeper({ allow: ["192.0.2.0/24"], maxConnectRate: 1 });
    const bad = upgrade({ url: "/ws?colour=red" });
    refuses(() => strict.admit(bad, "203.0.113.7", false), 403, /203\.0\.113\.7 may not connect/);
    refuses(() => strict.admit(bad, ADDRESS, false), 400, /colour/);
    refuses(() => strict.admit(bad, ADDRESS, false), 429, /too many attempts/);
    clock.advance(1000);
    refuses(() => strict.admit(bad, ADDRESS, false), 400, /colour/);
  });

  it("counts who is inside, in all and by address, until they leave", () => {
    const door = gatekeeper({ maxClients: 3, maxClientsPerAddress: 2 });
    const admit = (address: string) => door.admit(upgrade(), address, false);
    admit(ADDRESS);
    door.enter(ADDRESS);
    door.enter(ADDRESS);
    refuses(() => admit(ADDRESS), 429, /at most 2 are accepted/);
    admit("192.0.2.2");
    door.enter("192.0.2.2");
    refuses(() => admit("192.0.2.3"), 503, /it takes 3 clients/);
    door.leave(ADDRESS);
    admit(ADDRESS);
  });

  it("takes all addresses of an IPv6 /64 for one", () => {
    const door = gatekeeper({ maxClientsPerAddress: 2, maxConnectRate: 4 });
    door.enter("2001:db8:0:1::1");
    door.enter("2001:db8:0:1:ffff::2");
    refuses(() => door.admit(upgrade(), "2001:db8:0:1::3", false), 429, /too many clients/);
    door.admit(upgrade(), "2001:db8:0:2::1", false);
    door.leave("2001:db8:0:1:8000::9");
    for (let n = 0; n < 3; n++) door.admit(upgrade(), `2001:db8:0:1::${n}`, false);
    refuses(() => door.admit(upgrade(), "2001:db8:0:1::abcd", false), 429, /too many attempts/);
  });

  it("does not count who was admitted but did not enter", () => {
    const door = gatekeeper({ maxClients: 1 });
    for (let attempt = 0; attempt < 3; attempt++) door.admit(upgrade(), ADDRESS, false);
  });
});
