import { upgradeRequest } from "../../../support/raw-http";
import type { Attack } from "../../attack";
import { GUARDED_PATH, TENANT_TOKENS } from "../../attacked-flow";
import { spread } from "../../crowd";
import { fillTopics } from "./many-topics";

const RESIDENTS = 400;
const RECONNECTS = 60;
const RECONNECTING_MS = 2000;
const ACCEPTED = 101;

/** Everybody has filters of their own; one comes back again and again, each time with others. */
export const reconnectsBesideResidents: Attack = async (target, crowd) => {
  const { ports } = target;
  await fillTopics(target, crowd);
  await spread(RESIDENTS, 500, async (index) => {
    const port = ports[index % 2 === 0 ? 0 : 1];
    const resident = await crowd.join({ port, path: `/ws?topic=x${index}&topic=%2B/${index}` });
    resident.resume();
  });
  await spread(RECONNECTS, RECONNECTING_MS, async (index) => {
    const port = ports[index % 2 === 0 ? 0 : 1];
    const socket = await crowd.join({ port, path: `/ws?topic=x${5000 + index}` });
    socket.destroy();
  });
};

/** Hundreds of tokens, each for topics of its own, of whom one reconnects and reconnects. */
export const reconnectsBesideTenants: Attack = async (target, crowd) => {
  const [port] = target.ports;
  await fillTopics(target, crowd);
  await spread(TENANT_TOKENS.length, 1000, async (index) => {
    const resident = await crowd.join({ port, path: `${GUARDED_PATH}?token=${TENANT_TOKENS[index]}` });
    resident.resume();
  });
  await spread(RECONNECTS, RECONNECTING_MS, async (index) => {
    const path = `${GUARDED_PATH}?token=${TENANT_TOKENS[index]}&topic=x${index}`;
    const status = await crowd.ask(port, upgradeRequest({ port, path }));
    if (status !== ACCEPTED) throw new Error(`a tenant was answered ${status}`);
  });
};
