import { Backoff } from "../net/backoff";
import { TOKEN_NO_LONGER_VALID } from "../ws/clients/close-reasons";
import { dial, type Network } from "./dialling";
import { type FeedOptions, serverUrl } from "./feed-options";
import { FeedError, type FeedState, type FeedStatus } from "./feed-status";
import { Listeners } from "./listeners";
import type { PageActivity } from "./page-activity";
import { type Reading, readMessages } from "./reading";
import { ReadingQueue } from "./reading-queue";
import type { Cause } from "./refusal";
import { ResumePoint } from "./resume-point";

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 20_000;
const BUFFERED_READINGS = 10_000;
/** How long `latest` and `every` may let a topic wait for its turn; the server's usual `maxAge` is 1000. */
const TURN_MS = 3000;
/** A connection that was silent for so long when the page wakes up is more likely dead than quiet. */
const SILENCE_MS = 30_000;

export interface FeedEvents {
  /** One reading. */
  reading: Reading;
  /** The state, or the reason for it, has changed. */
  state: FeedStatus;
  /** Readings were missed: too many came while there was no connection. The newest of each topic follow. */
  missed: undefined;
  /** So many readings gave way, because the consumer that iterates is too slow. */
  dropped: number;
}

/** What a feed is made with besides its options. */
export interface FeedEnvironment extends Network {
  readonly activity: PageActivity;
  random(): number;
}

/**
 * The readings of one server, over a connection that comes back by itself and goes on where it was.
 *
 * Iterate over it, or listen with `on("reading", …)`. Whoever iterates takes readings at their own pace; until somebody
 * listens or iterates, and while they wait, `buffer` of them are kept.
 */
export class Feed implements AsyncIterable<Reading> {
  readonly #options: FeedOptions;
  readonly #environment: FeedEnvironment;
  readonly #server: URL;
  readonly #listeners = new Listeners<FeedEvents>();
  readonly #queue: ReadingQueue;
  readonly #resume: ResumePoint;
  readonly #backoff = new Backoff({ firstMs: FIRST_RETRY_MS, lastMs: LAST_RETRY_MS });
  readonly #unwatch: () => void;
  #status: FeedStatus = { state: "connecting" };
  #hangUp: () => void = nothing;
  #cancelTimer: () => void = nothing;
  #cancelLeaving: () => void = nothing;
  #heardAt = 0;
  #isIterated = false;
  /** The token that was refused is being replaced by another. */
  #hasAskedForToken = false;
  #dropped = 0;

  /** Connects at once. @throws {TypeError} for a `url` that is none */
  constructor(options: FeedOptions & { readonly url: string | URL }, environment: FeedEnvironment) {
    const { url, mode, every = 0, buffer = BUFFERED_READINGS, signal } = options;
    this.#options = options;
    this.#environment = environment;
    this.#server = serverUrl(url, globalThis.location?.href);
    this.#queue = new ReadingQueue(buffer, mode === "latest");
    const lagMs = mode === "stream" && every === 0 ? 0 : Math.max(TURN_MS, 2 * every);
    this.#resume = new ResumePoint(lagMs, mode === undefined && every === 0);
    this.#unwatch = environment.activity.watch(() => this.#pageChanged());
    signal?.addEventListener("abort", () => this.close());
    if (signal?.aborted === true) this.close();
    else this.#dial();
  }

  get state(): FeedState {
    return this.#status.state;
  }

  /** The state, with the reason for it. */
  get status(): FeedStatus {
    return this.#status;
  }

  /** Readings that gave way so far, because the consumer that iterates is too slow. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @returns stops the listening */
  on<K extends keyof FeedEvents>(event: K, listener: (value: FeedEvents[K]) => void): () => void {
    if (event === "reading" && !this.#isIterated) this.#queue.clear();
    return this.#listeners.add(event, listener);
  }

  /** Tries again now instead of later; also after the server has refused. Does nothing while there is a connection. */
  reconnect(): void {
    const { state } = this;
    if (state === "refused") this.#queue.reopen();
    if (state === "waiting" || state === "hidden" || state === "refused") this.#dial();
  }

  /** Disconnects for good. Iterations end once they have what was received. */
  close(): void {
    if (this.state === "closed") return;
    this.#stop();
    this.#unwatch();
    this.#queue.end();
    this.#become({ state: "closed" });
  }

  /**
   * Leaving the loop closes the feed. The iteration fails with a {@link FeedError} when the server does not want this client.
   */
  [Symbol.asyncIterator](): AsyncIterator<Reading, undefined> {
    this.#isIterated = true;
    return {
      next: async () => {
        const value = await this.#queue.next();
        return value === undefined ? { done: true, value } : { done: false, value };
      },
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  #dial(): void {
    this.#stop();
    const { clock } = this.#environment;
    this.#become({ ...this.#status, state: "connecting", retryAt: undefined });
    if (this.state !== "connecting") return;
    const call = { server: this.#server, options: this.#options, since: this.#resume.sinceAt(clock.now()) };
    this.#hangUp = dial(call, this.#environment, {
      opened: () => {
        this.#heardAt = clock.now();
        this.#hasAskedForToken = false;
        this.#become({ state: "open" });
      },
      received: (data) => this.#receive(data),
      ended: (cause) => this.#ended(cause),
    });
  }

  #receive(data: unknown): void {
    const now = this.#environment.clock.now();
    this.#heardAt = now;
    // Not when it opens: a server that lets clients in only to end them at once is not called at full pace.
    this.#backoff.reset();
    const hangUp = this.#hangUp;
    for (const message of readMessages(data)) {
      // A listener may have closed the feed, or had it connect anew.
      if (this.#hangUp !== hangUp) return;
      if (message === "missed") this.#listeners.emit("missed", undefined);
      else if (this.#resume.take(message.topic, message.seq, now)) this.#give(message);
    }
  }

  #give(reading: Reading): void {
    if (this.#isIterated || !this.#listeners.has("reading")) this.#enqueue(reading);
    this.#listeners.emit("reading", reading);
  }

  #enqueue(reading: Reading): void {
    const gaveWay = this.#queue.push(reading);
    if (gaveWay === 0) return;
    this.#dropped += gaveWay;
    this.#listeners.emit("dropped", gaveWay);
  }

  #ended(cause: Cause): void {
    this.#hangUp = nothing;
    const { words: reason, status, code } = cause;
    if (!cause.reconnect && !this.#mayHaveAnotherToken(cause)) {
      this.#stop();
      this.#queue.end(new FeedError(cause));
      this.#become({ state: "refused", reason, status, code });
      return;
    }
    const { clock, random } = this.#environment;
    // At random, or all clients of a server that was restarted would come back at once.
    const wait = this.#backoff.next() * (0.5 + random()) + (cause.afterMs ?? 0);
    this.#cancelTimer = clock.timeout(() => this.#dial(), wait);
    this.#become({ state: "waiting", reason, status, code, retryAt: clock.wallTime() + wait });
  }

  /** Tokens expire: where they come from is asked once whether there is a new one. */
  #mayHaveAnotherToken({ status, code }: Cause): boolean {
    if (typeof this.#options.token !== "function" || this.#hasAskedForToken) return false;
    this.#hasAskedForToken = status === 401 || code === TOKEN_NO_LONGER_VALID.code;
    return this.#hasAskedForToken;
  }

  #pageChanged(): void {
    const { activity, clock } = this.#environment;
    const { leaveHiddenAfter } = this.#options;
    this.#cancelLeaving();
    if (activity.isHidden) {
      if (leaveHiddenAfter !== undefined) this.#cancelLeaving = clock.timeout(() => this.#leave(), leaveHiddenAfter);
      return;
    }
    const isDead = this.state === "open" && clock.now() - this.#heardAt > SILENCE_MS;
    if (this.state === "waiting" || this.state === "hidden" || isDead) this.#dial();
  }

  #leave(): void {
    if (this.state === "refused") return;
    this.#stop();
    this.#become({ state: "hidden", reason: "nobody looks" });
  }

  #stop(): void {
    this.#hangUp();
    this.#cancelTimer();
    this.#cancelLeaving();
    this.#hangUp = this.#cancelTimer = this.#cancelLeaving = nothing;
  }

  #become(status: FeedStatus): void {
    this.#status = status;
    this.#listeners.emit("state", status);
  }
}

function nothing(): void {}
