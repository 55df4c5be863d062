import type { DatagramRow, ListenerSummary } from "../cockpit/listener-endpoints";
import { rejectReason } from "../cockpit/reject-reasons";
import { make, setText } from "./dom.editor";
import { KeyedList, type Row } from "./keyed-list.editor";
import { allow, allowButton } from "./node-actions.editor";
import { ago, say, word } from "./words.editor";

type RejectedRow = DatagramRow & { readonly editorId: string };

/** Characters that have no picture, or change how others are shown. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** The last datagrams that were rejected: why, of whom, and what they held. */
export class RejectedList {
  readonly element = make("ul", "cards");
  readonly #empty = make("p", "empty", word("none-rejected"));
  readonly #list: KeyedList<RejectedRow>;

  constructor(parent: HTMLElement) {
    parent.append(this.#empty, this.element);
    this.#list = new KeyedList(this.element, keyOf, rowOf);
  }

  show(rejected: readonly DatagramRow[], listeners: readonly ListenerSummary[]): void {
    const editorIds = new Map(listeners.map(({ id, editorId }) => [id, editorId]));
    this.#empty.hidden = rejected.length > 0;
    this.#list.show(rejected.map((row) => ({ ...row, editorId: editorIds.get(row.listener) ?? row.listener })));
  }
}

/** When it arrived does not change from one answer to the next by more than the clocks of two machines run apart. */
function keyOf({ listener, ip, port, age, data }: RejectedRow): string {
  return `${listener} ${ip} ${port} ${Math.round((Date.now() - age) / 2000)} ${data}`;
}

function rowOf(row: RejectedRow): Row<RejectedRow> {
  const element = make("li");
  const head = make("div", "line");
  const age = make("span", "about");
  const reason = rejectReason(row.fate);
  head.append(
    make("strong", "", reason === undefined ? row.fate : say(reason)),
    make("code", "address", `${row.ip}:${row.port}`),
    age,
  );
  if (row.fate === "sender") {
    const ip = row.ip.replace(/%.*$/, "");
    head.append(...allowButton(word("allow-sender"), () => allow(row.editorId, "allow", ip)));
  }
  const bytes = Uint8Array.from(atob(row.data), (character) => character.charCodeAt(0));
  const cut = bytes.length < row.bytes ? "…" : "";
  const text = new TextDecoder().decode(bytes).replace(UNPRINTABLE, "·");
  element.append(head);
  if (row.error !== null) element.append(make("p", "reason", say(row.error)));
  element.append(make("pre", "bytes", text + cut), make("pre", "bytes", hexOf(bytes) + cut));
  return { element, update: (now) => setText(age, word("ago", { age: ago(now.age), bytes: now.bytes })) };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
