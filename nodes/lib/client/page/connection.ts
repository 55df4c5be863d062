import { connect, type Feed, type FeedStatus, type Reading } from "../client.mjs";
import { byId, setText } from "./dom";
import type { TokenStore } from "./token-store";

/** The server's answer to who shows no token, or none that is good. */
const UNAUTHORIZED = 401;
const TOKEN_NO_LONGER_VALID = 4001;
/** Of each topic: five minutes of a sensor that sends each second. Hundreds of topics still come within a second or two. */
const HISTORY_READINGS = 300;

export interface ConnectionListener {
  received(reading: Reading): void;
  /** Others may be seen with another token. */
  tokenChanged(): void;
}

/** The feed of the page, its state in words, and the question for a token. */
export class Connection {
  readonly #tokens: TokenStore;
  readonly #listener: ConnectionListener;
  readonly #state = byId("state");
  readonly #detail = byId("detail");
  readonly #retry = byId<HTMLButtonElement>("retry");
  readonly #dialog = byId<HTMLDialogElement>("token-dialog");
  readonly #input = byId<HTMLInputElement>("token");
  #feed: Feed;
  #missed = false;

  constructor(tokens: TokenStore, listener: ConnectionListener) {
    this.#tokens = tokens;
    this.#listener = listener;
    this.#feed = this.#connect();
    this.#retry.addEventListener("click", () => this.#feed.reconnect());
    byId("token-button").addEventListener("click", () => this.#ask("Reading here takes a token."));
    byId("token-cancel").addEventListener("click", () => this.#dialog.close());
    byId("token-form").addEventListener("submit", () => {
      tokens.token = this.#input.value.trim() || undefined;
      this.#input.value = "";
      this.#feed.close();
      listener.tokenChanged();
      this.#feed = this.#connect();
    });
  }

  /** To be called about once a second: it counts down. */
  tick(): void {
    this.#show(this.#feed.status);
  }

  #connect(): Feed {
    const feed = connect({
      url: new URL(".", location.href),
      topics: new URLSearchParams(location.search).getAll("topic"),
      mode: "latest",
      history: HISTORY_READINGS,
      // A browser takes as long for a message of one reading as for one of fifty.
      batch: true,
      token: this.#tokens.token,
    });
    feed.on("reading", (reading) => this.#listener.received(reading));
    feed.on("missed", () => {
      this.#missed = true;
    });
    feed.on("state", (status) => this.#changed(status));
    this.#show(feed.status);
    return feed;
  }

  #changed(status: FeedStatus): void {
    if (status.state !== "open") this.#missed = false;
    this.#show(status);
    const needsToken = status.status === UNAUTHORIZED || status.code === TOKEN_NO_LONGER_VALID;
    if (status.state === "refused" && needsToken) this.#ask(status.reason ?? "");
  }

  #ask(why: string): void {
    setText(byId("token-why"), sentence(why));
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  #show(status: FeedStatus): void {
    const { state, reason, retryAt } = status;
    document.body.dataset.connection = state;
    setText(this.#state, NAMES[state]);
    const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - Date.now()) / 1000);
    const again = seconds > 0 ? ` Next attempt in ${seconds} s.` : "";
    const missed = this.#missed ? "Some readings were missed while there was no connection." : "";
    setText(this.#detail, reason === undefined ? missed : `${sentence(reason)}${again}`);
    this.#retry.hidden = state !== "waiting" && state !== "refused";
  }
}

const NAMES = {
  connecting: "Connecting",
  open: "Live",
  waiting: "Not connected",
  hidden: "Not connected",
  refused: "Refused",
  closed: "Not connected",
} as const;

function sentence(words: string): string {
  return words === "" ? "" : `${words.slice(0, 1).toUpperCase()}${words.slice(1)}${words.endsWith(".") ? "" : "."}`;
}
