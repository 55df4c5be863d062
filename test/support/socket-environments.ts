import { inEnglish } from "../../nodes/lib/text/sentence";
import { type SocketEnvironment, systemEnvironment } from "../../nodes/lib/udp/socket/socket-environment";
import { threadedEnvironment } from "../../nodes/lib/udp/threaded-environment";

/** Where real sockets can be: what holds for one holds for the other. */
export const SOCKET_ENVIRONMENTS: Readonly<Record<string, SocketEnvironment>> = {
  "the main thread": systemEnvironment,
  "the receiver thread": threadedEnvironment((notice) => {
    throw new Error(inEnglish(notice));
  }),
};
