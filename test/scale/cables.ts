import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * The cable to a computer, here to a port of this one. Once it is cut, nothing comes through, and neither end is told: as if the
 * computer had lost its power. New connections are refused at once, which a network may leave to a timeout.
 */
export class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<Cable> {
    const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const cable = new Cable(server);
    server.on("connection", (near) => cable.#join(near, connect(port, "127.0.0.1")));
    return cable;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  cut(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  async stop(): Promise<void> {
    this.#server.close();
    const closed = Array.from(this.#sockets, (socket) => once(socket, "close"));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #join(near: Socket, far: Socket): void {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        if (this.#server.listening) other.destroy();
      });
      socket.pipe(other);
    }
  }
}
