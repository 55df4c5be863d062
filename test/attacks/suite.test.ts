import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Attack } from "./attack";
import { AttackedNodeRed } from "./attacked-node-red";
import { ATTACKS, ATTACKS_WITH_REDEPLOY } from "./attacks";
import { topicsWithoutEnd } from "./attacks/datagrams/invented-topics";
import { Audience } from "./audience";
import { Crowd } from "./crowd";
import { type Damage, DamageMeter } from "./damage";

const ATTACK_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 60_000;
const SOCKETS_GONE_TIMEOUT_MS = 15_000;
const SOCKETS_POLL_MS = 50;
/** Sockets that come and go without an attack: of the deploy's HTTP requests, kept alive. */
const SPARE_SOCKETS = 8;

/** What an attack may cost at most. A deploy takes its time by itself, and clients are to come back only after it. */
const BOUNDS: Damage = {
  longestTurnMs: 100,
  latencyRatio: 20,
  heldBytes: 128 * 2 ** 20,
  keptBytes: 96 * 2 ** 20,
  loggedBytes: 16 * 1024,
};
const BOUNDS_OF_DEPLOY: Damage = {
  ...BOUNDS,
  longestTurnMs: 1000,
  // Rings of closed sockets are used again, but those that are first written to count here: 16 MiB for each of 16 listeners.
  heldBytes: 512 * 2 ** 20,
  keptBytes: 512 * 2 ** 20,
  latencyRatio: Number.POSITIVE_INFINITY,
  loggedBytes: 64 * 1024,
};

/** What some may cost more. */
const BOUNDS_OF: Readonly<Record<string, Partial<Damage>>> = {
  // All 1600 requests of 15 KB may be there in one turn: Node reads what is there, at up to 0.2 ms each, and collects the garbage.
  "hostile URLs": { longestTurnMs: 500 },
  // Each of 16 listeners writes a line a second about what it rejects, and has a ring that is first written to then.
  "hostile datagrams": { loggedBytes: 32 * 1024, keptBytes: 128 * 2 ** 20 },
};

describeAttacks("attacks", 0);
describeAttacks("attacks on servers with a sender process", 1);

function describeAttacks(title: string, senders: number): void {
  describe(title, function () {
    this.timeout(ATTACK_TIMEOUT_MS);
    let nodeRed: AttackedNodeRed;
    let audience: Audience;
    let meter: DamageMeter;
    let openSockets: number;
    const lines: string[] = [];

    before(async function () {
      this.timeout(START_TIMEOUT_MS);
      nodeRed = await AttackedNodeRed.start({}, senders);
      audience = await Audience.arrive(nodeRed.ports, nodeRed.feedPort);
      meter = new DamageMeter(nodeRed);
      await meter.start();
      await warmUp();
      openSockets = await nodeRed.probe.call("openSockets");
    });

    /** Fills logs, tables and rings once: what they take is no attack's. */
    async function warmUp(): Promise<void> {
      const crowd = new Crowd();
      await topicsWithoutEnd(nodeRed, crowd);
      await crowd.disperse();
    }

    after(async () => {
      audience?.leave();
      await meter?.stop();
      await nodeRed?.stop();
      if (process.env.ATTACK_FIGURES) console.log(lines.join("\n"));
    });

    async function suffer(attack: Attack, redeploys: boolean): Promise<Damage> {
      await meter.begin();
      const crowd = new Crowd();
      let damage: Omit<Damage, "keptBytes">;
      try {
        await attack(nodeRed, crowd);
        damage = await meter.sample();
      } finally {
        await crowd.disperse();
      }
      assert.ok(nodeRed.isRunning, nodeRed.log.text);
      assert.deepEqual(await audience.complaints(redeploys), []);
      await assertSocketsGone();
      const keptBytes = await meter.keptBytes();
      assert.deepEqual(nodeRed.log.takeTrouble(), []);
      return { ...damage, keptBytes };
    }

    async function assertSocketsGone(): Promise<void> {
      const deadline = performance.now() + SOCKETS_GONE_TIMEOUT_MS;
      for (;;) {
        const left = (await nodeRed.probe.call("openSockets")) - openSockets;
        if (left <= SPARE_SOCKETS) return;
        assert.ok(performance.now() < deadline, `${left} sockets of the attack are still open`);
        await delay(SOCKETS_POLL_MS);
      }
    }

    async function assertHarmless(name: string, attack: Attack, { redeploys = false } = {}): Promise<void> {
      const damage = await suffer(attack, redeploys);
      const figures = Object.entries(damage) as [keyof Damage, number][];
      lines.push([name, ...figures.map(([what, value]) => `${what} ${value.toPrecision(3)}`)].join(" | "));
      const bounds = { ...(redeploys ? BOUNDS_OF_DEPLOY : BOUNDS), ...BOUNDS_OF[name] };
      const excesses = figures.filter(([what, value]) => value > bounds[what]);
      assert.deepEqual(
        excesses.map(([what, value]) => `${what} is ${value}, more than ${bounds[what]}`),
        [],
      );
    }

    describe("nobody else notices", () => {
      for (const [name, attack] of Object.entries(ATTACKS)) it(name, () => assertHarmless(name, attack));
    });

    describe("clients only have to come back when the flows are restarted during", () => {
      for (const [name, attack] of Object.entries(ATTACKS_WITH_REDEPLOY)) {
        it(name, () => assertHarmless(name, attack, { redeploys: true }));
      }
    });
  });
}
