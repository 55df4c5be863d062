import type { Page } from "../live/name-index";
import type { RefusalRow } from "../live/refusal-history";
import { sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
import type { BroadcastServer } from "../ws/broadcast-server";
import { DISCONNECTED_BY_USER } from "../ws/clients/close-reasons";
import type { ClientRow, PublishedTopicRow, ServerOverview } from "../ws/server-inspector";
import type { Endpoint, Question } from "./endpoint";
import type { NodeIdentity, NodeState } from "./node-state";
import { pageQuery } from "./page-query";
import { serverState } from "./server-state";

/** A node with a server, as it runs. */
export interface RunningServer {
  readonly node: NodeIdentity;
  /** Where it is reached; missing when its configuration is not accepted. */
  readonly place: ServerPlace | undefined;
  /** What serves, or why nothing does. */
  readonly server: BroadcastServer | UserError | undefined;
}

/** As the editor makes an address of it. */
export interface ServerPlace {
  readonly path: string;
  /** `null`: on Node-RED's own web server. */
  readonly port: number | null;
  readonly host: string;
  readonly isTls: boolean;
}

export interface ServerSummary extends NodeIdentity {
  readonly place: ServerPlace | null;
  readonly state: NodeState;
  readonly overview: ServerOverview | null;
}

export interface ServersAnswer {
  readonly servers: readonly ServerSummary[];
  /** Running besides those in the list. */
  readonly more: number;
}

export interface ServerAnswer {
  readonly state: NodeState;
  readonly overview: ServerOverview;
  readonly clients: Page<ClientRow>;
  readonly topics: Page<PublishedTopicRow>;
  readonly refusals: readonly RefusalRow[];
}

/** What was asked of a server makes no sense. */
class QuestionError extends UserError {
  readonly code = "BAD_QUESTION";
}

const READ = "ws-broadcast-server.read";
const WRITE = "ws-broadcast-server.write";
const MAX_LISTED = 100;

export interface ServerEndpointsContext {
  /** By the id of their node. */
  readonly servers: ReadonlyMap<string, RunningServer>;
  /** Reads where a server is, of options as a dialog holds them. @throws {PropertyError} */
  readPlace(options: object, about: { readonly id: string; readonly needsToken: boolean }): ServerPlace;
}

/** What the editor can ask of servers. */
export function serverEndpoints({ servers, readPlace }: ServerEndpointsContext): Endpoint[] {
  const running = (id: string): BroadcastServer | undefined => {
    const server = servers.get(id)?.server;
    return server instanceof UserError ? undefined : server;
  };
  const act = (action: string, answer: (server: BroadcastServer, question: Question) => boolean): Endpoint => ({
    method: "post",
    path: `/sensorcast/ws/:id/${action}`,
    permission: WRITE,
    answer(question) {
      const server = running(question.id);
      if (server === undefined || !answer(server, question)) {
        throw new QuestionError(sentence(action === "forget" ? "cockpit.no-such-topic" : "cockpit.no-such-client"));
      }
      return { done: true };
    },
  });
  return [
    { method: "get", path: "/sensorcast/ws", permission: READ, answer: () => summaries([...servers.values()]) },
    {
      method: "get",
      path: "/sensorcast/ws/:id/state",
      permission: READ,
      answer({ id }) {
        const server = servers.get(id);
        return server && summaryOf(server);
      },
    },
    {
      method: "get",
      path: "/sensorcast/ws/:id/live",
      permission: READ,
      answer: async ({ id, query }) => {
        const server = running(id);
        return server && (await details(server, query));
      },
    },
    {
      method: "post",
      path: "/sensorcast/ws/:id/place",
      // Options may name environment variables, whose values an address shows.
      permission: WRITE,
      answer({ id, body }) {
        const { options, needsToken } = (body ?? {}) as { options?: unknown; needsToken?: unknown };
        const given = typeof options === "object" && options !== null ? options : {};
        return readPlace(given, { id, needsToken: needsToken === true });
      },
    },
    act("disconnect", (server, { body }) => server.disconnect(textOf(body, "client"), DISCONNECTED_BY_USER)),
    act("forget", (server, { body }) => server.forget(textOf(body, "topic"))),
  ];
}

function summaries(all: readonly RunningServer[]): ServersAnswer {
  const listed = all.slice(0, MAX_LISTED);
  return { servers: listed.map(summaryOf), more: all.length - listed.length };
}

function summaryOf({ node, place, server }: RunningServer): ServerSummary {
  return {
    ...node,
    place: place ?? null,
    state: serverState(server),
    overview: server === undefined || server instanceof UserError ? null : server.inspector.overview(),
  };
}

async function details(server: BroadcastServer, query: Question["query"]): Promise<ServerAnswer> {
  await server.refresh();
  const { inspector } = server;
  return {
    state: serverState(server),
    overview: inspector.overview(),
    clients: inspector.clients(pageQuery(query, "client")),
    topics: await inspector.topics(pageQuery(query, "topic")),
    refusals: inspector.refusals(),
  };
}

function textOf(body: unknown, property: "client" | "topic"): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[property];
  if (typeof value !== "string") throw new QuestionError(sentence("cockpit.needs-text", { property }));
  return value;
}
