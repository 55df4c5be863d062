import WebSocket from "ws";

/** What a reader went through. */
export interface ReaderReport {
  /** Sequence number of its first reading. */
  readonly first: number;
  /** How many it got. */
  readonly read: number;
  /** What came out of order, twice, or after a gap. */
  readonly wrong: readonly string[];
  /** Why it was cut off, each time: close codes. */
  readonly closings: readonly number[];
  /** When it had the next reading, each time; as of `performance.now`. */
  readonly backAt: readonly number[];
}

/** A client that wants every reading, in order, and goes on where it was whenever it is cut off. */
export class ResumingReader {
  readonly #url: string;
  readonly #wrong: string[] = [];
  readonly #closings: number[] = [];
  readonly #backAt: number[] = [];
  #epoch: string | undefined;
  #first = 0;
  #count = 0;
  #last = 0;
  #isAway = false;
  #socket: WebSocket | undefined;
  #isStopped = false;
  #reached: { readonly seq: number; resolve(): void } | undefined;

  private constructor(url: string) {
    this.#url = url;
  }

  /** Resolves once it has the first reading. @param url of a server that sends envelopes, without a query */
  static async start(url: string): Promise<ResumingReader> {
    const reader = new ResumingReader(url);
    reader.#connect();
    await reader.reaches(1);
    return reader;
  }

  report(): ReaderReport {
    return {
      first: this.#first,
      read: this.#count,
      wrong: this.#wrong,
      closings: this.#closings,
      backAt: this.#backAt,
    };
  }

  /** Resolves once it has the reading with that sequence number. */
  async reaches(seq: number): Promise<void> {
    if (this.#last >= seq) return;
    await new Promise<void>((resolve) => {
      this.#reached = { seq, resolve };
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket?.terminate();
  }

  #connect(): void {
    const since = this.#epoch === undefined ? "" : `&since=${this.#epoch}.${this.#last}`;
    const socket = new WebSocket(`${this.#url}?envelope=1${since}`, { perMessageDeflate: false });
    this.#socket = socket;
    socket.on("message", (text: Buffer) => this.#read(JSON.parse(text.toString())));
    // Always followed by "close".
    socket.on("error", () => undefined);
    socket.on("close", (code) => {
      if (this.#isStopped) return;
      this.#isAway = true;
      this.#closings.push(code);
      this.#connect();
    });
  }

  #read({ seq }: { seq: string }): void {
    const [epoch, digits] = seq.split(".");
    const number = Number(digits);
    if (this.#epoch === undefined) this.#first = number;
    else if (epoch !== this.#epoch || number !== this.#last + 1) this.#wrong.push(`${seq} after ${this.#last}`);
    this.#count++;
    this.#epoch = epoch;
    this.#last = number;
    if (this.#isAway) this.#backAt.push(performance.now());
    this.#isAway = false;
    if (this.#reached !== undefined && number >= this.#reached.seq) this.#reached.resolve();
  }
}
