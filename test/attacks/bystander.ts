import { once } from "node:events";
import WebSocket from "ws";

const SIGN_OF_LIFE_TIMEOUT_MS = 10_000;

/** A client of somebody else's endpoint on Node-RED's web server, which says something several times a second. */
export class Bystander {
  private constructor(
    private readonly name: string,
    private readonly socket: WebSocket,
  ) {
    socket.on("error", () => undefined);
  }

  /** @param greeting what it has to say first */
  static async connect(name: string, url: string, greeting?: string): Promise<Bystander> {
    const bystander = new Bystander(name, new WebSocket(url, { perMessageDeflate: false }));
    await once(bystander.socket, "open");
    if (greeting !== undefined) bystander.socket.send(greeting);
    return bystander;
  }

  /** Resolves when it hears something. */
  async hears(): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) throw new Error(`${this.name} has lost its connection`);
    await once(this.socket, "message", { signal: AbortSignal.timeout(SIGN_OF_LIFE_TIMEOUT_MS) }).catch((error) => {
      throw new Error(`${this.name} hears nothing`, { cause: error });
    });
  }

  stop(): void {
    this.socket.terminate();
  }
}
