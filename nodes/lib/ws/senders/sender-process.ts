import { Socket } from "node:net";
import { systemLoopClock } from "../../time/loop-clock";
import { createHandshake } from "../admission/handshake";
import { PipeReader, pipeMessage } from "./pipe-frames";
import { type Call, FRAME, PIPE_FD, type Reply, type Report } from "./protocol";
import { Replica } from "./replica";

/** What a sender runs. It lives as long as its pipe: that ends with main, however main ends. */

const pipe = new Socket({ fd: PIPE_FD, readable: true, writable: true });
const report = (said: Report): void => {
  pipe.write(pipeMessage(FRAME.order, said));
};
const reply = (said: Reply): void => {
  if (process.connected) process.send?.(said, undefined, {}, ignoreError);
};
const replica = new Replica({ handshake: createHandshake(), clock: systemLoopClock, report });
const reader = new PipeReader((type, content) => replica.frame(type, content));

process.title = "sensorcast sender";
// These go to all processes of a terminal or a service: main says when it is time, to the clients too.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
process.on("disconnect", () => process.exit());
process.on("uncaughtException", (error) => {
  process.exitCode = 1;
  pipe.end(pipeMessage(FRAME.order, { report: "error", message: error.stack ?? error.message } satisfies Report), () =>
    process.exit(),
  );
});

pipe.on("data", (bytes: Buffer) => reader.push(bytes));
pipe.on("error", ignoreError);
pipe.on("close", () => process.exit());
pipe.on("end", () => process.exit());

/** The client whose socket came last. */
let lastTaken: string | undefined;

process.on("message", (call: Call, socket: unknown) => {
  switch (call.call) {
    case "beat":
      reply({ reply: "beat" });
      break;
    case "take":
      if (!(socket instanceof Socket)) break;
      socket.on("error", destroy);
      lastTaken = call.client.id;
      replica.take(call.client, socket);
      break;
    case "confirm":
      reply({ reply: call.client === lastTaken ? "taken" : "lost", client: call.client });
      break;
  }
});

function destroy(this: Socket): void {
  this.destroy();
}

/** Main is gone, which the end of the pipe says as well. */
function ignoreError(): void {}
