import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import WebSocket from "ws";
import { Connection } from "../../../../nodes/lib/ws/clients/connection";
import { markPing } from "../../../../nodes/lib/ws/hub/feeds/freshness-window";
import { PING } from "../../../../nodes/lib/ws/hub/frames/frames";
import { FakeClock } from "../../../support/fake-clock";

/** As much of a `ws` connection as a `Connection` uses. */
class FakeWebSocket extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  readonly extensions = "";
  isPaused = false;
  readonly pongs: string[] = [];
  pong(data: Buffer): void {
    this.pongs.push(data.toString());
  }
  close(): void {
    this.readyState = WebSocket.CLOSING;
  }
  pause(): void {
    this.isPaused = true;
  }
  terminate(): void {
    this.readyState = WebSocket.CLOSED;
    this.emit("close", 1006, Buffer.alloc(0));
  }
}

/** A socket whose kernel takes bytes only when told to. */
class FakeSocket extends EventEmitter {
  bytesWritten = 0;
  writableLength = 0;
  readonly written: Buffer[] = [];
  write(frames: Buffer): void {
    this.written.push(frames);
    this.bytesWritten += frames.length;
    this.writableLength += frames.length;
  }
  take(bytes = this.writableLength): void {
    this.writableLength -= bytes;
  }
}

describe("connection", () => {
  let ws: FakeWebSocket;
  let socket: FakeSocket;
  let clock: FakeClock;
  let closed: [code: number, reason: string][];
  let floods: number;
  let connection: Connection;
  let ping: Buffer;

  beforeEach(() => {
    ping = PING;
    ws = new FakeWebSocket();
    socket = new FakeSocket();
    clock = new FakeClock();
    closed = [];
    floods = 0;
    const listener = {
      tooMuchReceived: () => {
        floods++;
        connection.close({ code: 1008, reason: "this endpoint only sends" });
      },
      textIgnored: () => undefined,
      ponged: () => undefined,
      pingFor: () => ping,
      closed: (_connection: Connection, code: number, reason: string) => closed.push([code, reason]),
    };
    const parts = { id: "id", address: "::1", ws: ws as unknown as WebSocket, socket: socket as unknown as Socket };
    connection = new Connection(parts, listener, clock);
  });

  it("is alive while it answers, and silent when it does not until the next beat", () => {
    assert.equal(connection.ping(), true);
    socket.take();
    ws.emit("pong", Buffer.alloc(0));
    assert.equal(connection.ping(), true);
    socket.take();
    assert.equal(connection.ping(), false);
  });

  it("is alive while it works off a backlog, though the ping waits at its end", () => {
    connection.write(Buffer.alloc(100_000));
    assert.equal(connection.ping(), true);
    for (let beat = 0; beat < 3; beat++) {
      socket.take(10_000);
      assert.equal(connection.ping(), true);
    }
    assert.equal(connection.ping(), false);
  });

  it("is not alive because a send buffer takes bytes that nobody acknowledges", () => {
    assert.equal(connection.ping(), true);
    socket.take();
    connection.write(Buffer.alloc(1000));
    socket.take();
    assert.equal(connection.ping(), false);
  });

  it("is asked by the ping that the hub wants it to answer", () => {
    ping = markPing(7);
    connection.ping();
    assert.deepEqual(socket.written.at(-1), ping);
  });

  it("reports why it is cut off, though nothing is sent any more", () => {
    connection.cutOff({ code: 4008, reason: "too slow" });
    assert.deepEqual(closed, [[4008, "too slow"]]);
  });

  it("sends nothing after a close frame", () => {
    connection.close({ code: 1012, reason: "service restart" });
    assert.equal(connection.write(Buffer.alloc(10)), false);
    connection.whenTaken(() => assert.fail("taken"));
    connection.ping();
    assert.equal(socket.bytesWritten, 0);
  });

  it("reports the reason of its own for which it closes, not the echo", () => {
    connection.close({ code: 1012, reason: "service restart" });
    ws.emit("close", 1006, Buffer.alloc(0));
    assert.deepEqual(closed, [[1012, "service restart"]]);
  });

  it("answers no ping of a client that does not read", () => {
    connection.write(Buffer.alloc(5000));
    ws.emit("ping", Buffer.from("1"));
    socket.take();
    ws.emit("ping", Buffer.from("2"));
    assert.deepEqual(ws.pongs, ["2"]);
  });

  it("does not read on when a client sends more than answers and pings", () => {
    for (let sent = 0; sent <= 64 * 1024; sent += 1024) socket.emit("data", Buffer.alloc(1024));
    assert.equal(floods, 1);
    assert.equal(ws.isPaused, true);
  });

  it("does not read on from a client that goes on after it was told to leave", () => {
    connection.close({ code: 1012, reason: "service restart" });
    socket.emit("data", Buffer.alloc(65 * 1024));
    assert.equal(floods, 0);
    assert.equal(ws.isPaused, true);
  });

  it("ignores texts and counts them, as long as there are few", () => {
    for (let second = 0; second < 5; second++) {
      for (let sent = 0; sent < 32; sent++) ws.emit("message", Buffer.from("ping"), false);
      clock.advance(1000);
    }
    assert.deepEqual([floods, connection.ignored], [0, 160]);
  });

  it("closes a client that sends more texts than a keepalive takes, or binary data", () => {
    for (let sent = 0; sent < 33; sent++) ws.emit("message", Buffer.from("ping"), false);
    assert.equal(floods, 1);
    ws.readyState = WebSocket.OPEN;
    ws.emit("message", Buffer.from("ping"), true);
    assert.equal(floods, 2);
  });

  it("takes a text for a sign of life", () => {
    assert.equal(connection.ping(), true);
    socket.take();
    ws.emit("message", Buffer.from("ping"), false);
    assert.equal(connection.ping(), true);
  });

  it("hears as much again every second", () => {
    for (let second = 0; second < 5; second++) {
      socket.emit("data", Buffer.alloc(60 * 1024));
      clock.advance(1000);
    }
    assert.equal(floods, 0);
    assert.equal(ws.isPaused, false);
  });

  it("survives an error of the protocol", () => {
    assert.doesNotThrow(() => ws.emit("error", new RangeError("Max payload size exceeded")));
  });
});
