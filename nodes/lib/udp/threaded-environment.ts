import { type Sentence, sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
import { ReceiverThread } from "./receiver/receiver-thread";
import { type SocketEnvironment, systemEnvironment } from "./socket/socket-environment";

/**
 * The machine, with all sockets on one receiver thread.
 * @param onUnavailable told once, if there can be no such thread: then sockets are on the main thread
 */
export function threadedEnvironment(onUnavailable: (error: unknown) => void): SocketEnvironment {
  return { ...systemEnvironment, open: new ReceiverThread({ onUnavailable }).open };
}

/** What to tell the user then. */
export function noThread(error: unknown): Sentence {
  if (error instanceof UserError) return sentence("udp.no-thread", { reason: error.said });
  return sentence("udp.no-thread", { reason: error instanceof Error ? error.message : String(error) });
}
