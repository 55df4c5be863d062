import { deepEqual, equal } from "node:assert/strict";
import { RecentDatagrams } from "../../../nodes/lib/live/recent-datagrams";

function record(recent: RecentDatagrams, time: number): void {
  recent.add({ bytes: Buffer.from([time]), sender: { address: "10.0.0.7", port: 5 }, time }, "emitted");
}

describe("recent datagrams", () => {
  it("are listed newest first, and no more than 32 of them", () => {
    const recent = new RecentDatagrams();
    equal(new RecentDatagrams().newest, undefined);
    deepEqual(recent.list(), []);
    record(recent, 1);
    record(recent, 2);
    deepEqual(
      recent.list().map(({ arrival }) => arrival.time),
      [2, 1],
    );
    for (let time = 3; time <= 40; time++) record(recent, time);
    deepEqual(
      recent.list().map(({ arrival }) => arrival.time),
      Array.from({ length: 32 }, (_, age) => 40 - age),
    );
    equal(recent.newest?.arrival.time, 40);
  });

  it("do not change in a list that was given", () => {
    const recent = new RecentDatagrams();
    record(recent, 1);
    const [listed] = recent.list();
    for (let time = 2; time < 40; time++) record(recent, time);
    equal(listed?.arrival.time, 1);
  });
});
