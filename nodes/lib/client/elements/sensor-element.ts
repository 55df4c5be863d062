import type { FeedStatus, Reading } from "../client.mjs";
import { subscribe } from "./shared-feeds";

/** What a screen reader is told is told no more often. */
const ANNOUNCE_MS = 10_000;

const NOTHING = (): void => undefined;

const BASE = sheetOf(`
  :host { display: block; color-scheme: light dark; font-variant-numeric: tabular-nums; }
  :host([hidden]) { display: none; }
  .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .trouble { margin: 0; font-size: .85em; color: light-dark(#9a4600, #ffb454); }
  .trouble:empty { display: none; }
  .stale { opacity: .55; }
`);

/** A style sheet that also a strict Content-Security-Policy lets in. */
export function sheetOf(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/**
 * What all elements have in common: the attributes `url` (default: the server that this script came from), `token`,
 * `history` and `label`; a connection while the element is in a page; words for trouble; and a voice for screen readers.
 */
export abstract class SensorElement extends HTMLElement {
  static readonly observedAttributes: readonly string[] = [
    "url",
    "token",
    "topic",
    "topics",
    "history",
    "label",
    "field",
  ];
  readonly #spoken = document.createElement("p");
  readonly #trouble = document.createElement("p");
  #unsubscribe: (() => void) | undefined;
  #frame = 0;
  #spokenAt = Number.NEGATIVE_INFINITY;

  constructor(sheets: readonly CSSStyleSheet[], ...content: readonly (Node | string)[]) {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [BASE, ...sheets];
    this.#spoken.className = "spoken";
    this.#spoken.setAttribute("aria-live", "polite");
    this.#trouble.className = "trouble";
    this.#trouble.setAttribute("role", "status");
    root.append(...content, this.#trouble, this.#spoken);
  }

  connectedCallback(): void {
    const topics = this.#topics;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", this.getAttribute("label") ?? topics.join(", "));
    this.begin();
    if (topics.length === 0) {
      this.#trouble.textContent = "no topic is given";
      this.#unsubscribe = NOTHING;
      return;
    }
    const subscriber = {
      topics,
      received: (reading: Reading) => {
        this.take(reading);
        this.requestPaint();
      },
      changed: ({ state, reason }: FeedStatus) => {
        this.#trouble.textContent = state === "open" ? "" : (reason ?? "");
      },
    };
    const text = (name: string): string | undefined => this.getAttribute(name) ?? undefined;
    this.#unsubscribe = subscribe({ url: text("url"), token: text("token"), history: text("history") }, subscriber);
  }

  disconnectedCallback(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.end();
  }

  attributeChangedCallback(): void {
    if (!this.isConnected || this.#unsubscribe === undefined) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  /** The attributes `topic` and `topics`: filters with commas between. */
  get #topics(): readonly string[] {
    const listed = `${this.getAttribute("topic") ?? ""},${this.getAttribute("topics") ?? ""}`;
    return listed.split(",").flatMap((topic) => topic.trim() || []);
  }

  /** Begins anew, with no readings. */
  protected abstract begin(): void;
  protected abstract take(reading: Reading): void;
  /** Shows what came since; called at most once a frame. */
  protected abstract paint(): void;
  protected abstract end(): void;

  protected requestPaint(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.paint();
    });
  }

  protected announce(text: string): void {
    const now = performance.now();
    if (now - this.#spokenAt < ANNOUNCE_MS) return;
    this.#spokenAt = now;
    this.#spoken.textContent = text;
  }
}
