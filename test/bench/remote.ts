import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

const STOP_TIMEOUT_MS = 2000;

/** The methods that a child process offers; arguments and results cross as JSON. */
export type Service<S> = { [M in keyof S]: (...args: never[]) => unknown };

interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: unknown[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Calls methods of a child process that was started with an IPC channel. */
export class Remote<S extends Service<S>> {
  readonly #pending = new Map<number, PromiseWithResolversOf<unknown>>();
  #calls = 0;

  constructor(
    readonly child: ChildProcess,
    private readonly name: string,
  ) {
    child.on("message", ({ id, result, error }: Answer) => {
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (error === undefined) pending?.resolve(result);
      else pending?.reject(new Error(`${name}: ${error}`));
    });
    child.once("exit", (code, signal) => {
      for (const { reject } of this.#pending.values()) reject(new Error(`${name} ended early (${code ?? signal})`));
      this.#pending.clear();
    });
  }

  /** Rejects with what the method threw, or when the process has ended. */
  call<M extends keyof S & string>(method: M, ...args: Parameters<S[M]>): Promise<Awaited<ReturnType<S[M]>>> {
    return new Promise((resolve, reject) => {
      const id = ++this.#calls;
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.child.send({ id, method, args } satisfies Call, (error) => {
        if (error && this.#pending.delete(id)) reject(new Error(`${this.name} can't be reached: ${error.message}`));
      });
    });
  }

  /** Ends the process, by force if need be. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.kill("SIGTERM");
    const force = setTimeout(() => this.child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(force);
  }
}

interface PromiseWithResolversOf<T> {
  resolve(result: T): void;
  reject(error: Error): void;
}

/** The other side of a `Remote`. Ends the process when its parent has gone. */
export function serve<S extends Service<S>>(service: S): void {
  const methods = new Map<string, unknown>(Object.entries(service)) as Map<string, (...args: unknown[]) => unknown>;
  process.on("message", async ({ id, method, args }: Call) => {
    const answer: Answer = await Promise.resolve()
      .then(() => methods.get(method)?.(...args))
      .then(
        (result) => ({ id, result }),
        (error) => ({ id, error: String(error) }),
      );
    process.send?.(answer);
  });
  process.once("disconnect", () => process.exit());
}
