import { type Sentence, sentence } from "../text/sentence";
import { type Clock, systemClock } from "../time/clock";
import type { Arrival } from "./datagram-queue";
import { describeListenAddress } from "./socket/listen-address";
import type { SocketRequest } from "./socket/socket-lease";

/** As long as the `Backlog` of a socket, which waits for the same deploy. */
const KEPT_MS = 10_000;

export interface HandoverOptions {
  readonly clock?: Clock;
  /** Told of datagrams that nobody came for. */
  notice?(notice: Sentence): void;
}

/** An input among others: where it listens, and what tells it from those that listen there, too. */
export interface Heir {
  readonly request: SocketRequest;
  /** Of its node: that which takes its place in a deploy has the same. */
  readonly id: string;
}

/** From when an input listens to when it is stopped. */
export interface Stay {
  /** What waited in the one whose place it takes, in order. */
  readonly inherited: readonly Arrival[];
  /** To be called once. @param arrivals the datagrams that wait in it, in order */
  leave(arrivals: readonly Arrival[]): void;
}

/** The inputs that listen for the same, and what those that were stopped have left. */
interface Place {
  listening: number;
  /** Several have listened at once, each with copies of its own. */
  isShared: boolean;
  readonly legacies: Map<string, Legacy>;
}

interface Legacy {
  readonly arrivals: readonly Arrival[];
  readonly cancel: () => void;
}

/**
 * Where inputs that are stopped leave the datagrams that wait in them, for those that take their place. Each goes to the next
 * one with the same id. Where an input was alone, it may go to any that listens for the same: with others, it has had its own
 * copies, which are of use only to its successor. What nobody comes for is dropped after a while, with a notice.
 */
export class Handover {
  readonly #clock: Clock;
  readonly #notice: (notice: Sentence) => void;
  readonly #places = new Map<string, Place>();

  constructor({ clock = systemClock, notice = () => undefined }: HandoverOptions = {}) {
    this.#clock = clock;
    this.#notice = notice;
  }

  /** An input begins to listen. */
  enter({ request, id }: Heir): Stay {
    const key = keyOf(request);
    const place: Place = this.#places.get(key) ?? { listening: 0, isShared: false, legacies: new Map() };
    this.#places.set(key, place);
    place.isShared ||= place.listening > 0;
    place.listening++;
    const inherited = take(place, id) ?? (place.isShared ? undefined : take(place, first(place.legacies))) ?? [];
    const leave = (arrivals: readonly Arrival[]): void => {
      place.listening--;
      const left = [...(take(place, id) ?? []), ...arrivals];
      const drop = (): void => {
        place.legacies.delete(id);
        this.#forget(key, place);
        this.#notice(sentence("udp.left", { count: left.length, place: describeListenAddress(request) }));
      };
      if (left.length > 0) place.legacies.set(id, { arrivals: left, cancel: this.#clock.timeout(drop, KEPT_MS) });
      this.#forget(key, place);
    };
    return { inherited, leave };
  }

  #forget(key: string, { listening, legacies }: Place): void {
    if (listening === 0 && legacies.size === 0) this.#places.delete(key);
  }
}

function keyOf({ family, port, address, groups }: SocketRequest): string {
  return [family, port, address, ...groups].join(" ");
}

function first<Key>(map: ReadonlyMap<Key, unknown>): Key | undefined {
  for (const key of map.keys()) return key;
  return undefined;
}

function take({ legacies }: Place, id: string | undefined): readonly Arrival[] | undefined {
  if (id === undefined) return undefined;
  const legacy = legacies.get(id);
  legacies.delete(id);
  legacy?.cancel();
  return legacy?.arrivals;
}
