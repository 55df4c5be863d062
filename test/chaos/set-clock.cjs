// Preloaded into Node-RED, its threads and the processes that it starts: sets the wall clock, as an administrator or a time
// server would, by as many ms as a file says. Monotonic time goes on as it was.
const { openSync, readSync } = require("node:fs");

const wallTime = Date.now;
const file = openSync(process.env.CLOCK_SET_BY, "r");
const text = Buffer.alloc(20);

Date.now = () => wallTime() + Number(text.toString("latin1", 0, readSync(file, text, 0, text.length, 0)));
