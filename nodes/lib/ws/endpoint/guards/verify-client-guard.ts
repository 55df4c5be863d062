import type { IncomingMessage } from "node:http";
import { sentence } from "../../../text/sentence";
import { Refusal } from "../../admission/refusal";
import type { UpgradeGuard } from "../../admission/upgrade-guard";

interface VerifyInfo {
  readonly origin: string | undefined;
  readonly secure: boolean;
  readonly req: IncomingMessage;
}

type VerifyCallback = (isVerified: unknown, code?: number, message?: string) => void;

/** The option `verifyClient` of `ws`: with one parameter it returns whether the client may come in, with two it calls back. */
export type VerifyClient = (info: VerifyInfo, answer?: VerifyCallback) => unknown;

export function verifyClientGuard(verifyClient: VerifyClient): UpgradeGuard {
  return async (request) => {
    const { origin } = request.headers;
    const info = { origin, secure: "encrypted" in request.socket && request.socket.encrypted === true, req: request };
    if (verifyClient.length < 2) return (await verifyClient(info)) ? undefined : refusalOf(401, undefined);
    return await new Promise((resolve, reject) => {
      const result = verifyClient(info, (isVerified, code = 401, message) =>
        resolve(isVerified ? undefined : refusalOf(code, message)),
      );
      if (result instanceof Promise) result.catch(reject);
    });
  };
}

function refusalOf(code: number, message: unknown): Refusal {
  const said = typeof message === "string" && message !== "" ? message : "webSocketNodeVerifyClient";
  const status = code === 401 || code === 429 || code === 503 ? code : 403;
  return new Refusal(status, sentence("guards.verify-client", { message: said.slice(0, 200) }));
}
