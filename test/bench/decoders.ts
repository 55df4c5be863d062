/** Prints what each decoder costs per datagram, as a Markdown table. Run with `npx tsx test/bench/decoders.ts`. */
import { createDecoder } from "../../nodes/lib/udp/decoders";
import { FORMATS } from "../../nodes/lib/udp/decoders/formats";
import { configFor, SAMPLES } from "../support/sample-datagrams";

const WARM_UP_MS = 300;
const ROUNDS = 5;
const ROUND_MS = 200;

/** Microseconds per call, the best of several rounds: the others had to share the processor. */
function measure(decode: () => void): number {
  run(decode, WARM_UP_MS);
  return Math.min(...Array.from({ length: ROUNDS }, () => run(decode, ROUND_MS)));
}

function run(decode: () => void, durationMs: number): number {
  const start = performance.now();
  let calls = 0;
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    for (let i = 0; i < 100; i++) decode();
    calls += 100;
    elapsedMs = performance.now() - start;
  }
  return (elapsedMs * 1000) / calls;
}

console.log("| format | bytes | readings | µs/datagram |");
console.log("|---|---:|---:|---:|");
for (const format of FORMATS) {
  const decode = createDecoder(configFor(format));
  const [datagram] = SAMPLES[format];
  if (datagram === undefined) continue;
  const cost = measure(() => void decode(datagram));
  console.log(`| \`${format}\` | ${datagram.length} | ${decode(datagram).length} | ${cost.toFixed(2)} |`);
}
