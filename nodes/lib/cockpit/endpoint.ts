import { type Sentence, sentence } from "../text/sentence";
import { UserError } from "../text/user-error";

/** What an endpoint is asked. All of it comes from a browser, so nothing is certain about the types. */
export interface Question {
  /** Of the path. */
  readonly id: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** One address of the admin API. */
export interface Endpoint {
  readonly method: "get" | "post";
  readonly path: string;
  /** What its user must be permitted, as Node-RED names it. */
  readonly permission: string;
  /** @returns what is sent as JSON; `undefined`: no such node runs. @throws {UserError} for a question that cannot be answered */
  answer(question: Question): unknown;
}

interface Request {
  readonly params: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: object;
  readonly body?: unknown;
  is(type: string): string | false | null;
}

interface Response {
  status(code: number): Response;
  json(body: unknown): unknown;
  end(): unknown;
}

/** What a request was refused for, as the editor can say it. */
export interface Problem {
  readonly problem: Sentence;
}

/**
 * Handles the requests of an endpoint as Express has it. Never throws. A question that changes something must be JSON:
 * pages of other sites cannot send that unasked.
 */
export function handlerOf({ method, answer }: Endpoint): (request: Request, response: Response) => void {
  return (request, response) => {
    if (method === "post" && !request.is("json")) {
      response.status(415).json({ problem: sentence("cockpit.only-json") } satisfies Problem);
      return;
    }
    const { query, body } = request;
    const question = { id: String(request.params.id ?? ""), query: { ...query }, body };
    Promise.resolve()
      .then(() => answer(question))
      .then((result) => {
        if (result === undefined) response.status(204).end();
        else response.json(result);
      })
      .catch((error: unknown) => {
        response.status(error instanceof UserError ? 400 : 500).json({ problem: problemOf(error) } satisfies Problem);
      });
  };
}

function problemOf(error: unknown): Sentence {
  if (error instanceof UserError) return error.said;
  return sentence("cockpit.failed", { reason: String(error) });
}
