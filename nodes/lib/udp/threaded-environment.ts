import { type Sentence, sentence } from "../text/sentence";
import { UserError } from "../text/user-error";
import { ReceiverThread } from "./receiver/receiver-thread";
import { describeListenAddress } from "./socket/listen-address";
import { type SocketEnvironment, systemEnvironment } from "./socket/socket-environment";

/**
 * The machine, with all sockets on one receiver thread.
 * @param notice told what the user should know
 */
export function threadedEnvironment(notice: (notice: Sentence) => void): SocketEnvironment {
  const thread = new ReceiverThread({ onUnavailable: (error) => notice(noThread(error)) });
  return {
    ...systemEnvironment,
    open: thread.open,
    abandoned: (address, count) => notice(sentence("udp.abandoned", { count, place: describeListenAddress(address) })),
  };
}

/** What to tell the user then. */
export function noThread(error: unknown): Sentence {
  if (error instanceof UserError) return sentence("udp.no-thread", { reason: error.said });
  return sentence("udp.no-thread", { reason: error instanceof Error ? error.message : String(error) });
}
