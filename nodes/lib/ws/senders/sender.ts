import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { LocalClientsOptions } from "../clients/local-clients";
import type { LogFeed } from "./log-feed";
import { PipeFeed } from "./pipe-feed";
import { PipeReader, pipeMessage } from "./pipe-frames";
import { type Call, FRAME, type NewClient, type Order, PIPE_FD, type Reply, type Report } from "./protocol";
import type { RemoteClient, SenderLink } from "./remote-client";

/** The most that is written to a pipe at once: what main holds for a sender that does not read. */
const MAX_BATCH_BYTES = 256 * 1024;
/** So much may wait of what is asked and ordered; readings do not count, they wait in the log. */
const MAX_ORDER_BYTES = 4 * 1024 * 1024;
/** A sender that has not answered so many beats in a row does not run any more. */
const MAX_UNANSWERED_BEATS = 4;
/** One that has not caught up after so many beats will not. */
const MAX_STARTING_BEATS = 60;

/** What its owner is told of. */
export type ToldReport = Exclude<Report, { report: "ready" | "answer" }>;

export interface SenderListener {
  ready(sender: Sender): void;
  reported(sender: Sender, report: ToldReport): void;
  /** A socket was taken, or has not come; see `hand`. */
  handed(sender: Sender, client: string, isTaken: boolean): void;
  /** Called exactly once. From then on it does nothing any more. */
  ended(sender: Sender, error: Error): void;
  /** The pipe has room again. */
  drained(): void;
}

export interface SenderOptions {
  /** Of what it serves clients with. */
  readonly options: LocalClientsOptions;
  /** It is to tell how long its passes take. */
  readonly timesPasses: boolean;
  /** Path of what it runs. */
  readonly program: string;
  readonly feed: LogFeed;
  /** @returns sequence number of the next reading */
  readonly head: () => number;
}

/** One sender process, seen from main. */
export class Sender implements SenderLink {
  readonly clients = new Map<string, RemoteClient>();
  /** The pool's: clients whose sockets are on their way to it. */
  readonly handing = new Set<string>();
  /** The pool's: it cannot take the socket of one more. */
  isFull = false;
  readonly #startedAt = performance.now();
  #wasReady = false;
  readonly #feed: PipeFeed;
  readonly #listener: SenderListener;
  readonly #child: ChildProcess;
  #pipe: Socket | undefined;
  #state: "starting" | "ready" | "ended" = "starting";
  #isBusy = false;
  readonly #questions = new Map<number, (answer: boolean) => void>();
  #asked = 0;
  #beats = 0;

  /**
   * @throws when no process can be started, unless the system says so later: then it ends
   */
  constructor({ options, timesPasses, program, feed, head }: SenderOptions, listener: SenderListener) {
    this.#feed = new PipeFeed(feed, head);
    this.#listener = listener;
    this.#child = start(program);
    this.#child.on("error", (error) => this.end(error));
    this.#child.on("exit", (code, signal) => this.end(new Error(`it ended with ${signal ?? code}`)));
    this.#child.on("message", (reply: Reply) => this.#guard(() => this.#replied(reply)));
    const pipe = this.#child.stdio?.[PIPE_FD] as Socket | null | undefined;
    if (!pipe) return;
    this.#pipe = pipe;
    const reader = new PipeReader((_, content) => this.#reported(JSON.parse(content.toString()) as Report));
    pipe.on("data", (bytes: Buffer) => this.#guard(() => reader.push(bytes)));
    pipe.on("error", (error) => this.end(error));
    pipe.on("close", () => this.end(new Error("its pipe was closed")));
    pipe.write(pipeMessage(FRAME.order, { order: "open", options, timesPasses } satisfies Order));
    this.order({ order: "ready" });
  }

  get isReady(): boolean {
    return this.#state === "ready";
  }

  /** Clients that it has, or is about to have. */
  get load(): number {
    return this.clients.size + this.handing.size;
  }

  get wasReady(): boolean {
    return this.#wasReady;
  }

  /** In ms. */
  get age(): number {
    return performance.now() - this.#startedAt;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What it is to do once it has been sent what was published so far. */
  order(order: Order): void {
    if (this.#state === "ended") return;
    this.#feed.order(pipeMessage(FRAME.order, order));
    this.#listener.drained();
  }

  ask(question: (number: number) => Order): Promise<boolean> {
    if (this.#state === "ended" || this.#feed.orderBytes > MAX_ORDER_BYTES) return Promise.resolve(false);
    const number = ++this.#asked;
    const answered = new Promise<boolean>((resolve) => this.#questions.set(number, resolve));
    this.order(question(number));
    return answered;
  }

  /**
   * Hands a socket over, of which main keeps a copy until the listener is told that it was taken.
   * @param failed the socket has not left, and this sender takes none any more
   * @throws for a socket of a kind that cannot be handed over
   */
  hand(client: NewClient, socket: Socket, failed: (error: Error) => void): void {
    // Else `net.Server.close` of its web server asks all processes that were ever given one, and never ends once those are gone.
    Reflect.set(socket, "server", undefined);
    this.#send({ call: "take", client }, socket, failed);
    this.#send({ call: "confirm", client: client.id }, undefined, failed);
  }

  /** Asks whether it is alive. To be called at regular intervals. */
  beat(): void {
    const limit = this.#state === "starting" ? MAX_STARTING_BEATS : MAX_UNANSWERED_BEATS;
    if (this.#beats++ >= limit) this.end(new Error("it did not answer"));
    else if (this.#state === "ready") this.#send({ call: "beat" }, undefined, (error) => this.end(error));
  }

  /** Writes what comes next, some 256 KiB, if the pipe has taken what was written before. @returns whether to go on at once */
  pump(): boolean {
    return this.#guard(() => this.#pumpOnce()) ?? false;
  }

  #pumpOnce(): boolean {
    if (this.#state === "ended" || this.#pipe === undefined) return false;
    if (this.#feed.isLost) {
      this.end(new Error("it did not keep up"));
      return false;
    }
    if (this.#isBusy) return false;
    const bytes = this.#feed.next(MAX_BATCH_BYTES);
    if (bytes.length > 0) this.#write(bytes);
    return !this.#isBusy && !this.#feed.isEmpty;
  }

  /** Lets it go. Its clients should have left. Resolves once there is no process any more. */
  async stop(): Promise<void> {
    if (this.#state === "ended") return;
    const { pid, exitCode, signalCode } = this.#child;
    const isGone = pid === undefined || exitCode !== null || signalCode !== null;
    const exited = isGone ? undefined : once(this.#child, "exit");
    this.#end();
    await exited;
  }

  end(error: Error): void {
    if (this.#state === "ended") return;
    this.#end();
    this.#listener.ended(this, error);
  }

  /** An error of ours costs this sender, and nobody else. */
  #guard<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  #end(): void {
    this.#state = "ended";
    this.#feed.clear();
    this.#pipe?.destroy();
    if (this.#child.pid !== undefined) this.#child.kill("SIGKILL");
    for (const answer of this.#questions.values()) answer(false);
    this.#questions.clear();
  }

  /** Not before the pipe has taken it, is more written. */
  #write(bytes: Buffer): void {
    const pipe = this.#pipe as Socket;
    pipe.write(bytes, () => {
      this.#isBusy = false;
      this.#listener.drained();
    });
    // Nearly always the kernel takes all of it at once.
    this.#isBusy = pipe.writableLength > 0;
  }

  #send(call: Call, socket: Socket | undefined, failed: (error: Error) => void): void {
    this.#child.send(call, socket, { keepOpen: true }, (error) => {
      if (error !== null) failed(error);
    });
  }

  #replied(reply: Reply): void {
    if (this.#state === "ended") return;
    if (reply.reply === "beat") this.#beats = 0;
    else this.#listener.handed(this, reply.client, reply.reply === "taken");
  }

  #reported(report: Report): void {
    if (this.#state === "ended") return;
    if (report.report === "ready") {
      this.#state = "ready";
      this.#wasReady = true;
      this.#beats = 0;
      this.#listener.ready(this);
    } else if (report.report === "answer") {
      this.#questions.get(report.question)?.(report.answer);
      this.#questions.delete(report.question);
    } else {
      this.#listener.reported(this, report);
    }
  }
}

function start(program: string): ChildProcess {
  return fork(program, [], {
    // Run from its sources, as by a test, it needs what main was started with to read them; else nothing of it, a debugger least of all.
    execArgv: program.endsWith(".ts") ? process.execArgv : [],
    stdio: ["ignore", "ignore", "inherit", "ipc", "pipe"],
  });
}
