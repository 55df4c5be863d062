import assert from "node:assert/strict";
import { upgradeRequest } from "../support/raw-http";
import { AttackedNodeRed } from "./attacked-node-red";
import { Crowd } from "./crowd";

const START_TIMEOUT_MS = 60_000;
const ACCEPTED = 101;
const UNAUTHORIZED = 401;
/** Of "password", as Node-RED has it in its settings. */
const HASH = "$2b$08$m.yEA.dLDWMrsmrHWv5Ay.y9L7VI5mUwhqcJ.DEIEW7lryYC20vfK";

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

for (const senders of [0, 1]) describeProtected(senders);

function describeProtected(senders: number): void {
  const withSenders = senders === 0 ? "" : ", with a sender process";
  describe(`attacks on a Node-RED whose pages need a password${withSenders}`, function () {
    this.timeout(START_TIMEOUT_MS);
    let nodeRed: AttackedNodeRed;
    const crowd = new Crowd();

    before(async () => {
      nodeRed = await AttackedNodeRed.start({ httpNodeAuth: { user: "user", pass: HASH } }, senders);
    });
    after(async () => {
      await crowd.disperse();
      await nodeRed?.stop();
    });

    const attempts: readonly [what: string, authorization: string, status: number][] = [
      ["no password", "", UNAUTHORIZED],
      ["a wrong password", basic("user", "passwort"), UNAUTHORIZED],
      ["an empty password", basic("user", ""), UNAUTHORIZED],
      ["another user", basic("admin", "password"), UNAUTHORIZED],
      ["the hash", basic("user", HASH), UNAUTHORIZED],
      ["half a header", "Basic", UNAUTHORIZED],
      ["what is not base64", "Basic §§§", UNAUTHORIZED],
      ["the password", basic("user", "password"), ACCEPTED],
    ];
    for (const [what, authorization, status] of attempts) {
      it(`answers ${what} with ${status} on Node-RED's web server`, async () => {
        const { shared: port } = nodeRed.allPorts;
        const headers = { Authorization: authorization };
        assert.equal(await crowd.ask(port, upgradeRequest({ port, headers })), status);
      });
    }

    it("lets everybody in on a port of its own, as those settings are not for it", async () => {
      const { own: port } = nodeRed.allPorts;
      assert.equal(await crowd.ask(port, upgradeRequest({ port })), ACCEPTED);
    });
  });
}
