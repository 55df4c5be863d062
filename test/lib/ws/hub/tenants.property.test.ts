import assert from "node:assert/strict";
import fc from "fast-check";
import { AccessControl } from "../../../../nodes/lib/access/access-control";
import { TokenSet } from "../../../../nodes/lib/access/token-set";
import { BroadcastHarness } from "../../../support/broadcast-harness";
import { until } from "../../../support/until";
import { WsClient } from "../../../support/ws-client";

const LEVELS = ["a", "b", "$s", ""];
const TENANTS = ["tenant-one-0123456789", "tenant-two-0123456789"];
const END = "end of test";
const TOPICS = LEVELS.flatMap((first) => [
  first,
  ...LEVELS.flatMap((second) => [`${first}/${second}`, ...LEVELS.map((third) => `${first}/${second}/${third}`)]),
]).filter((topic) => topic !== "");

const level = fc.constantFrom(...LEVELS, "+", "+");
const filter = fc
  .tuple(fc.array(level, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([levels, isOpen]) => (isOpen ? [...levels, "#"] : levels).join("/"))
  .filter((text) => text !== "");
const filters: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 5, arbitrary: fc.array(filter, { minLength: 1, maxLength: 3 }) },
  fc.constant<readonly string[]>(["#"]),
);
const askedFilters: fc.Arbitrary<readonly string[]> = fc.oneof(filters, fc.constant<readonly string[]>([]));
const tenant = fc.record({
  granted: filters,
  asked: askedFilters,
  mode: fc.constantFrom("stream", "latest"),
});

/** MQTT 5.0, section 4.7, written anew. */
function matches(filterText: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filterText)) return false;
  const source = filterText
    .split("/")
    .map((name) => (name === "+" ? "[^/]*" : name === "#" ? ".*" : name.replace("$", "\\$")))
    .join("/")
    .replace(/\/\.\*$/, "(/.*)?");
  return new RegExp(`^${source}$`).test(topic);
}

describe("two tenants of a broadcast server", () => {
  it("receive what they ask for as far as their tokens grant it, live and as replay, and nothing else", async function () {
    this.timeout(30_000);
    await fc.assert(
      fc.asyncProperty(fc.tuple(tenant, tenant), fc.boolean(), async (tenants, replay) => {
        const listed = tenants.map(({ granted }, index) => {
          const token = TENANTS[index] ?? "";
          return { name: token, token, filters: [...new Set(granted)], expiresAt: undefined };
        });
        const server = await BroadcastHarness.start({
          settings: { maxAge: 60_000, replay },
          access: new AccessControl(new TokenSet(listed)),
        });
        const { broadcast } = server;
        try {
          if (replay) publishAll(server);
          const clients = await Promise.all(
            tenants.map(({ asked, mode }, index) => {
              const topics = asked.map((text) => `&topic=${encodeURIComponent(text)}`).join("");
              return connect(server.url(`?token=${TENANTS[index]}&mode=${mode}${topics}`));
            }),
          );
          if (!replay) publishAll(server);
          const expected = tenants.map(({ granted, asked }) => {
            const readable = (topic: string) => granted.some((text) => matches(text, topic));
            const wanted = (topic: string) => asked.length === 0 || asked.some((text) => matches(text, topic));
            return TOPICS.filter((topic) => readable(topic) && wanted(topic));
          });
          const delivered = () => broadcast.counts().delivered;
          await until(() => delivered() >= expected.flat().length, "readings are missing");
          for (const { client } of broadcast.clients())
            await broadcast.sendTo(client, { topic: END, payload: { kind: "text", body: END } }, {});
          for (const [index, client] of clients.entries()) {
            const received = client === undefined ? [] : await untilEnd(client);
            assert.deepEqual(received.sort(), expected[index]?.sort());
          }
          assert.equal(delivered(), expected.flat().length + broadcast.clientCount);
        } finally {
          await server.stop();
        }
      }),
      { numRuns: 60 },
    );
  });
});

function publishAll(server: BroadcastHarness): void {
  for (const topic of TOPICS) server.publish(topic);
}

/** @returns `undefined` for a client that is refused because nothing is left of what it asks for */
async function connect(url: string): Promise<WsClient | undefined> {
  try {
    return await WsClient.connect(url);
  } catch (error) {
    assert.match(String(error), /403/);
    return undefined;
  }
}

async function untilEnd(client: WsClient): Promise<string[]> {
  const received: string[] = [];
  for (let text = await client.next(); text !== END; text = await client.next()) received.push(String(text));
  return received;
}
