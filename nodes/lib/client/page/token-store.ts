const KEY = "sensorcast-token:";

/**
 * The token of a server, for as long as the tab is open. One that came with the address is taken from there: it would stay
 * in the history, in bookmarks and in what is copied.
 */
export class TokenStore {
  readonly #key: string;
  #token: string | undefined;

  /** @param path of the server: others on this host have tokens of their own */
  constructor(path: string) {
    this.#key = KEY + path;
    const url = new URL(location.href);
    const brought = url.searchParams.get("token");
    if (brought === null) {
      this.#token = this.#read();
      return;
    }
    url.searchParams.delete("token");
    history.replaceState(null, "", url);
    this.token = brought;
  }

  get token(): string | undefined {
    return this.#token;
  }

  set token(token: string | undefined) {
    this.#token = token;
    try {
      if (token === undefined) sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, token);
    } catch {
      // A browser may forbid to store anything: then it lasts until the page is loaded again.
    }
  }

  #read(): string | undefined {
    try {
      return sessionStorage.getItem(this.#key) ?? undefined;
    } catch {
      return undefined;
    }
  }
}
