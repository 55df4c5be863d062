import { sentence } from "../text/sentence";
import { UserError } from "../text/user-error";

/** A message could not be handed on. */
export class SendError extends UserError {
  readonly code = "SEND_FAILED";

  /** @param more how many others could not since the last report */
  constructor(cause: unknown, more = 0) {
    const reason = String(cause);
    super(more === 0 ? sentence("udp.send-failed", { reason }) : sentence("udp.send-failed-again", { reason, more }), {
      cause,
    });
  }
}
