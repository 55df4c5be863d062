import { type Named, type NamedTable, NameIndex, PAGE_ROWS, type Page, type PageRequest } from "../live/name-index";
import { RateWindow } from "../live/rate-window";
import type { RefusalRow } from "../live/refusal-history";
import type { Clock } from "../time/clock";
import type { RefusalTally } from "./admission/refusal-tally";
import type { Progress } from "./clients/served-client";
import type { Hub } from "./hub/hub";
import type { StoredReading } from "./hub/log/stored-reading";
import type { Topic } from "./hub/log/topic";
import type { Mode } from "./hub/subscription";
import type { Member } from "./member";

/** A client as one row of a page. */
export interface ClientRow extends Progress {
  readonly client: string;
  readonly address: string;
  readonly token: string;
  /** Its topic filters; empty: every topic. */
  readonly topics: readonly string[];
  readonly mode: Mode;
  /** At most one reading per topic in so many ms; 0: any number. */
  readonly every: number;
  /** How long it has been connected, in ms. */
  readonly age: number;
  /** Readings sent, per second, since somebody began to look. */
  readonly perSecond: number;
}

/** A topic of a server as one row of a page. */
export interface PublishedTopicRow {
  readonly topic: string;
  /** Its newest reading, cut. */
  readonly value: string;
  readonly age: number;
  /** How many clients get it. */
  readonly clients: number;
}

export interface ServerOverview {
  readonly clients: number;
  readonly topics: number;
  readonly published: number;
  readonly perSecond: number;
  readonly refused: number;
  /** There are clients, and none of them wants the topics published last. */
  readonly isUnwanted: boolean;
}

const MAX_VALUE_CHARACTERS = 160;
/** Whether anybody wants the newest topics is asked for so many of them. */
const NEWEST_TOPICS = 10;
/** As many are told of where they are not the same. */
const MISMATCHES = 3;
/** The longest that UTF-8 takes for a character. */
const MAX_CHARACTER_BYTES = 4;

export interface InspectedServer {
  readonly hub: Hub;
  readonly members: ReadonlyMap<string, Member>;
  readonly refusals: RefusalTally;
  /** How many clients get the readings of a topic. */
  readonly audienceOf: (topic: Topic) => number;
}

/** What a server is asked for by somebody who watches it: pages of bounded size, at a bounded cost. */
export class ServerInspector {
  readonly #hub: Hub;
  readonly #members: ReadonlyMap<string, Member>;
  readonly #refusals: RefusalTally;
  readonly #audienceOf: InspectedServer["audienceOf"];
  readonly #clock: Clock;
  readonly #rates = new WeakMap<Member, RateWindow>();
  readonly #published: RateWindow;
  readonly #topics: NameIndex<Topic & Named>;

  constructor(server: InspectedServer, clock: Clock) {
    this.#audienceOf = server.audienceOf;
    this.#hub = server.hub;
    this.#members = server.members;
    this.#refusals = server.refusals;
    this.#clock = clock;
    this.#published = new RateWindow(clock.now());
    this.#topics = new NameIndex<Topic>(topicsOf(this.#hub), {
      age: (topic) => clock.wallTime() - (this.#hub.newestOf(topic)?.time ?? 0),
    });
  }

  overview(): ServerOverview {
    const { published, topics } = this.#hub.totals();
    this.#published.count = published;
    return {
      clients: this.#members.size,
      topics,
      published,
      perSecond: this.#published.perSecond(this.#clock.now()),
      refused: this.#refusals.total,
      isUnwanted: this.isUnwanted,
    };
  }

  /** Of the last hour, the latest first. */
  refusals(): RefusalRow[] {
    return this.#refusals.history.list();
  }

  /** In the order in which they came. The search is for part of an address, the name of a token, or a topic filter. */
  clients({ page, search }: PageRequest): Page<ClientRow> {
    const wanted = search.toLowerCase();
    const found: Member[] = [];
    for (const member of this.#members.values()) if (isFound(member, wanted)) found.push(member);
    const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
    const given = Math.min(page, pages - 1);
    const rows = found.slice(given * PAGE_ROWS, (given + 1) * PAGE_ROWS).map((member) => this.#rowOf(member));
    return { rows, page: given, pages, matched: found.length, total: this.#members.size };
  }

  async topics(request: PageRequest): Promise<Page<PublishedTopicRow>> {
    const page = await this.#topics.page(request, this.#clock.now());
    const rows = page.rows.filter(({ removed }) => !removed).map((topic) => this.#topicRow(topic));
    return { ...page, rows };
  }

  /** There are clients, and none of them wants the topics published last. */
  get isUnwanted(): boolean {
    if (this.#members.size === 0) return false;
    const newest = this.#hub.newestTopics(NEWEST_TOPICS);
    return newest.length > 0 && newest.every((topic) => this.#audienceOf(topic) === 0);
  }

  /** What was published last, and what clients ask for instead: some of both. */
  mismatch(): { readonly published: string[]; readonly wanted: string[] } {
    const wanted = new Set<string>();
    let looked = 0;
    for (const { client } of this.#members.values()) {
      for (const filter of client.subscription.filters) wanted.add(filter);
      if (wanted.size >= MISMATCHES || ++looked >= PAGE_ROWS) break;
    }
    return {
      published: this.#hub.newestTopics(MISMATCHES).map(({ name }) => name),
      wanted: [...wanted].slice(0, MISMATCHES),
    };
  }

  #rowOf(member: Member): ClientRow {
    const { client, accepted } = member;
    const { mode, every, filters } = client.subscription;
    const progress = client.progress();
    return {
      client: client.id,
      address: client.address,
      token: accepted.grant?.name ?? "",
      topics: [...filters],
      mode,
      every,
      age: Math.max(this.#clock.wallTime() - client.since, 0),
      perSecond: this.#rateOf(member, progress.delivered),
      ...progress,
    };
  }

  #rateOf(member: Member, delivered: number): number {
    const now = this.#clock.now();
    let rate = this.#rates.get(member);
    if (rate === undefined) {
      rate = new RateWindow(now, delivered);
      this.#rates.set(member, rate);
    }
    rate.count = delivered;
    return rate.perSecond(now);
  }

  #topicRow(topic: Topic): PublishedTopicRow {
    const reading = this.#hub.newestOf(topic);
    return {
      topic: topic.name,
      value: reading === undefined ? "" : briefly(reading),
      age: reading === undefined ? 0 : Math.max(this.#clock.wallTime() - reading.time, 0),
      clients: this.#audienceOf(topic),
    };
  }
}

function topicsOf(hub: Hub): NamedTable<Topic> {
  return {
    get size() {
      return hub.totals().topics;
    },
    values: () => hub.topics(),
  };
}

function isFound({ accepted, client }: Member, search: string): boolean {
  if (search === "" || client.address.includes(search)) return true;
  if (accepted.grant?.name.toLowerCase().includes(search)) return true;
  return client.subscription.filters.some((filter) => filter.toLowerCase().includes(search));
}

function briefly({ kind, bytes, bodyStart, end }: StoredReading): string {
  if (kind === "binary") {
    const hex = bytes.toString("hex", bodyStart, Math.min(end, bodyStart + MAX_VALUE_CHARACTERS / 2));
    return end - bodyStart > MAX_VALUE_CHARACTERS / 2 ? `${hex}…` : hex;
  }
  const text = bytes.toString("utf8", bodyStart, Math.min(end, bodyStart + MAX_VALUE_CHARACTERS * MAX_CHARACTER_BYTES));
  return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS)}…` : text;
}
