import type { SocketLease, SocketSubscriber } from "./socket-lease";

/** Takes out one lease for a subscriber. */
type TakeLease = (subscriber: SocketSubscriber) => SocketLease;

/**
 * Several leases that are one to their subscriber: it is told that it is bound once all of them are, and is given
 * whatever any of them receives.
 */
export function combineLeases(subscriber: SocketSubscriber, takers: readonly TakeLease[]): SocketLease {
  // All are missing before the first is taken out, which may be bound at once.
  const missing = new Set(takers);
  const leases = takers.map((take) =>
    take({
      datagram: (bytes, sender, arrival) => subscriber.datagram(bytes, sender, arrival),
      isBusy: () => subscriber.isBusy?.() ?? false,
      bound(info) {
        missing.delete(take);
        if (missing.size === 0) subscriber.bound(info);
      },
      failed(failure) {
        missing.add(take);
        subscriber.failed(failure);
      },
    }),
  );
  return {
    async release() {
      await Promise.all(leases.map((lease) => lease.release()));
    },
    kernelDrops() {
      let sum = 0;
      for (const lease of leases) {
        const drops = lease.kernelDrops();
        if (drops === undefined) return undefined;
        sum += drops;
      }
      return sum;
    },
    threadDrops() {
      return leases.reduce((sum, lease) => sum + lease.threadDrops(), 0);
    },
  };
}
