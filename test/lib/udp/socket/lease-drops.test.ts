import assert from "node:assert/strict";
import { PoolUnderTest, REQUEST } from "../../../support/pool-under-test";

describe("kernel drops of a lease", () => {
  const ROW = (local: string, inode: number, drops: number) =>
    `  1: ${local} 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 ${inode} 2 00000000 ${drops}\n`;

  it("are counted from the beginning of each lease, and go on when the socket opens again", async () => {
    const { machine, pool, subscriber, other } = new PoolUnderTest();
    const opened = machine.nextSocket();
    const first = pool.lease(REQUEST, subscriber);
    (await opened).emit("listening");
    assert.equal(first.kernelDrops(), undefined);
    machine.table = ROW("00000000:1388", 7, 5);
    const second = pool.lease(REQUEST, other);
    machine.table = ROW("00000000:1388", 7, 12);
    machine.clock.advance(1000);
    assert.deepEqual([first.kernelDrops(), second.kernelDrops()], [12, 7]);

    machine.sockets[0]?.fail("EIO");
    machine.table = ROW("00000000:1388", 8, 0);
    machine.clock.advance(250);
    machine.sockets[1]?.emit("listening");
    assert.deepEqual([first.kernelDrops(), second.kernelDrops()], [12, 7]);
    machine.table = ROW("00000000:1388", 8, 3);
    machine.clock.advance(1000);
    assert.deepEqual([first.kernelDrops(), second.kernelDrops()], [15, 10]);
  });
});
