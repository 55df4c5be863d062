import { once } from "node:events";
import WebSocket from "ws";
import type { SocketClass } from "../../nodes/lib/client/dialling";
import { Feed, type FeedEnvironment } from "../../nodes/lib/client/feed";
import type { FeedOptions } from "../../nodes/lib/client/feed-options";
import type { FeedState, FeedStatus } from "../../nodes/lib/client/feed-status";
import type { PageActivity } from "../../nodes/lib/client/page-activity";
import { SkippableClock } from "./skippable-clock";

/** A page that is hidden and seen as the test has it. */
export class FakePage implements PageActivity {
  isHidden = false;
  #changed: (() => void) | undefined;

  watch(changed: () => void): () => void {
    this.#changed = changed;
    return () => {
      this.#changed = undefined;
    };
  }

  get isWatched(): boolean {
    return this.#changed !== undefined;
  }

  show(): void {
    this.isHidden = false;
    this.#changed?.();
  }

  hide(): void {
    this.isHidden = true;
    this.#changed?.();
  }
}

export type Answer = (question: Request) => Response;

export function unreachable(): never {
  throw new TypeError("fetch failed");
}

/** A feed on real WebSockets, with a clock that a test can put forward and answers by HTTP that it makes up. */
export class FeedUnderTest {
  readonly feed: Feed;
  readonly page = new FakePage();
  readonly clock = new SkippableClock();
  /** Everything that was asked by HTTP. */
  readonly questions: Request[] = [];
  /** Every attempt to connect, as the address that it called. */
  readonly calls: URL[] = [];

  constructor(options: FeedOptions & { readonly url: string }, answer: Answer = unreachable) {
    const { calls, questions } = this;
    class RecordedSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        calls.push(new URL(url));
      }
    }
    const environment: FeedEnvironment = {
      WebSocket: RecordedSocket as unknown as SocketClass,
      fetch: async (input, init) => {
        const question = new Request(input as string, init);
        questions.push(question);
        return answer(question);
      },
      clock: this.clock,
      activity: this.page,
      random: () => 0.5,
    };
    this.feed = new Feed(options, environment);
  }

  /** Resolves once the feed is in that state; at once if it is already. */
  async become(state: FeedState): Promise<FeedStatus> {
    if (this.feed.state === state) return this.feed.status;
    const emitter = new EventTarget();
    const stop = this.feed.on("state", (status) => {
      if (status.state === state) emitter.dispatchEvent(new Event("reached"));
    });
    await once(emitter, "reached");
    stop();
    return this.feed.status;
  }
}
