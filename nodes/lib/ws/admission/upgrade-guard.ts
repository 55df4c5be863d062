import type { IncomingMessage } from "node:http";
import type { Refusal } from "./refusal";

/**
 * Asked too before a client is let in, besides gatekeeper and access control. Resolves within half a second to why it may not
 * come in, or to `undefined`; never rejects.
 * @param address of the client
 */
export type UpgradeGuard = (request: IncomingMessage, address: string) => Promise<Refusal | undefined>;
