/** Decodes bombs with every decoder and prints, as JSON, what became of each. Run in a process of its own. */
import { createDecoder } from "../../nodes/lib/udp/decoders";
import { DecodeError } from "../../nodes/lib/udp/decoders/decoder";
import { FORMATS, type Format } from "../../nodes/lib/udp/decoders/formats";
import { BOMBS } from "./bombs";
import { configFor } from "./sample-datagrams";

export interface BombReport {
  readonly format: Format;
  readonly bomb: string;
  readonly outcome: string;
  /** On the processor, that of the compiler included: other processes are not to blame. */
  readonly durationMs: number;
  /** All that was allocated, garbage included, as long as the young generation has room for it. */
  readonly allocatedMb: number;
}

const reports: BombReport[] = [];
for (const format of FORMATS) {
  const decode = createDecoder(configFor(format));
  for (const [bomb, datagram] of Object.entries(BOMBS)) {
    const before = memory();
    const start = process.cpuUsage();
    let outcome = "readings";
    try {
      decode(datagram);
    } catch (error) {
      outcome = error instanceof DecodeError ? "DecodeError" : String(error);
    }
    const { user, system } = process.cpuUsage(start);
    const durationMs = (user + system) / 1000;
    reports.push({ format, bomb, outcome, durationMs, allocatedMb: (memory() - before) / 2 ** 20 });
  }
}
if (Object.hasOwn(Object.prototype, "polluted")) throw new Error("a prototype was changed");
process.stdout.write(JSON.stringify(reports));

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
