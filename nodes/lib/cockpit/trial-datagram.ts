import { createSocket } from "node:dgram";
import { isIPv6 } from "../net/ip-address";
import { sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
import { FORMAT_EXAMPLES } from "../udp/decoders/format-examples";
import type { SensorInputConfig } from "../udp/sensor-input";
import { isMulticast } from "../udp/socket/multicast-group";
import { ownTarget } from "./listen-targets";

/** A test datagram was not sent. */
export class TestDatagramError extends UserError {
  readonly code = "NOT_SENT";
}

/** Something that a listener can decode with its options as they are. */
export function testDatagram({ format, csvColumns, csvSeparator, structTemplate }: SensorInputConfig): Buffer {
  if (format === "csv") {
    const cells =
      csvColumns.length > 0 ? csvColumns.map((_, index) => (index === 0 ? "test" : "21.5")) : ["test", "21.5"];
    return Buffer.from(cells.join(csvSeparator));
  }
  if (format === "struct") {
    // Every type fits into eight bytes.
    return Buffer.alloc(Math.max(0, ...structTemplate.map(({ offset }) => offset + 8)));
  }
  const { datagram, isBinary = false } = FORMAT_EXAMPLES[format];
  return isBinary ? Buffer.from(datagram.replaceAll(" ", ""), "hex") : Buffer.from(datagram);
}

/**
 * Sends a datagram to a listener from this machine.
 * @returns where it was sent to
 * @throws {TestDatagramError} when the system refuses
 */
export async function sendTestDatagram(config: SensorInputConfig): Promise<{ address: string; port: number }> {
  const address = ownTarget(config);
  const { port } = config;
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.bind(0, () => {
        if (isMulticast(address)) socket.setMulticastLoopback(true);
        socket.send(testDatagram(config), port, address, (error) => (error ? reject(error) : resolve()));
      });
    });
    return { address, port };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TestDatagramError(sentence("cockpit.not-sent", { address: `${address}:${port}`, reason }), {
      cause: error,
    });
  } finally {
    socket.close();
  }
}
