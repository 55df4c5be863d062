const SHAPE = /^ws-[0-9a-z]{6}-[0-9a-z]+$/;

/** Whether a value looks like the id of a client, of whatever server and however long ago. */
export function isClientId(value: unknown): value is string {
  return typeof value === "string" && SHAPE.test(value);
}

/** Ids of the clients of one server, such as `ws-k3j2h1-5`. No other server has the same, nor this one after a restart. */
export class ClientIds {
  readonly #prefix = `ws-${Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, "0")}`;
  #given = 0;

  next(): string {
    return `${this.#prefix}-${(++this.#given).toString(36)}`;
  }
}
