import type { Problem } from "../cockpit/endpoint";
import type { ServerPlace } from "../cockpit/server-endpoints";
import { usesEnvironment } from "../config/environment";
import { type Translate, translated } from "../text/sentence";
import { boundHost } from "../ws/endpoint/bound-host";
import { webSocketAddress } from "../ws/endpoint/web-address";

/** Long enough that the runtime is not asked at each letter. */
const PAUSE_MS = 300;

/** What decides where a server is, as its dialog holds it now. */
export interface EnteredPlace {
  readonly id: string;
  readonly options: Readonly<Record<"where" | "path" | "port" | "host" | "tls" | "allow", string>>;
  readonly needsToken: boolean;
}

/** The address that clients use. What the environment sets of it is known to the runtime alone, which is asked then. */
export class ServerAddress {
  readonly #translate: Translate;
  readonly #changed: () => void;
  #asked = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown = "";
  #isKnown = true;

  /** @param changed it is another one now */
  constructor(translate: Translate, changed: () => void) {
    this.#translate = translate;
    this.#changed = changed;
  }

  /** As a URL; as long as that is not known, what is entered, or what is wrong with it. */
  get text(): string {
    return this.#shown;
  }

  /** Whether it can be opened. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  update(entered: EnteredPlace): void {
    const question = JSON.stringify(entered);
    if (question === this.#asked) return;
    this.#asked = question;
    clearTimeout(this.#timer);
    const { options, needsToken } = entered;
    const { where, path, port, host, tls, allow } = options;
    const bound = boundHost({ host, needsToken, allow: allow === "" ? [] : [allow] });
    this.#isKnown = !usesEnvironment(options);
    this.#shown = addressOf({ path, port: where === "shared" ? "" : port, host: bound, isTls: tls !== "" });
    if (!this.#isKnown) this.#timer = setTimeout(() => void this.#ask(entered, question), PAUSE_MS);
  }

  async #ask({ id, options, needsToken }: EnteredPlace, question: string): Promise<void> {
    let shown = this.#shown;
    let isKnown = false;
    try {
      const { path, port, host, isTls }: ServerPlace = await $.ajax({
        url: `sensorcast/ws/${encodeURIComponent(id)}/place`,
        method: "POST",
        contentType: "application/json",
        data: JSON.stringify({ options, needsToken }),
      });
      shown = addressOf({ path, port: port === null ? "" : String(port), host, isTls });
      isKnown = true;
    } catch (error) {
      const { problem } = (error as { responseJSON?: Partial<Problem> }).responseJSON ?? {};
      if (problem !== undefined) shown = translated(problem, this.#translate);
    }
    if (question !== this.#asked) return;
    this.#shown = shown;
    this.#isKnown = isKnown;
    this.#changed();
  }
}

function addressOf(place: { path: string; port: string; host: string; isTls: boolean }): string {
  return webSocketAddress(place, RED.settings.httpNodeRoot, location);
}
