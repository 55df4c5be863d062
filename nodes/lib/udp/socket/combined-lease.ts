import type { SocketLease, SocketSubscriber } from "./socket-lease";

/**
 * Several holds that are one to their holder: it is told that it is bound once all are, and is given what any receives.
 *
 * @param starts each starts one of the holds
 */
export function combineLeases(
  holder: SocketSubscriber,
  starts: readonly ((part: SocketSubscriber) => SocketLease)[],
): SocketLease {
  const missing = new Set<SocketSubscriber>();
  const parts = starts.map((start) => {
    const part: SocketSubscriber = {
      datagram: (bytes, sender) => holder.datagram(bytes, sender),
      bound(info) {
        missing.delete(part);
        if (missing.size === 0) holder.bound(info);
      },
      failed(failure) {
        missing.add(part);
        holder.failed(failure);
      },
    };
    missing.add(part);
    return () => start(part);
  });
  const holds = parts.map((start) => start());
  return {
    async release() {
      await Promise.all(holds.map((hold) => hold.release()));
    },
    kernelDrops() {
      let sum = 0;
      for (const hold of holds) {
        const drops = hold.kernelDrops();
        if (drops === undefined) return undefined;
        sum += drops;
      }
      return sum;
    },
  };
}
