import { type Label, type Sentence, sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";

/** What the dialog calls their number. */
const property: Label = { label: "ws-broadcast-server.label.senders" };

/** What the user is told where Node-RED serves clients itself although senders are asked for, or fewer do: */
export const NO_TLS = sentence("senders.no-tls", { property });
export const FULL = sentence("senders.full", { property });

/** @param error for which no process can be started */
export function unavailable(error: unknown): Sentence {
  return sentence("senders.unavailable", { property, reason: startProblem(error) });
}

/** @param error for which no more of them can be started */
export function fewer(of: { readonly running: number; readonly asked: number }, error: unknown): Sentence {
  return sentence("senders.fewer", { ...of, reason: startProblem(error) });
}

/** In words where there are better ones than those of the system. */
function startProblem(error: unknown): Sentence | string {
  if (error instanceof UserError) return error.said;
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "EMFILE":
    case "ENFILE":
      return sentence("senders.too-many-files");
    case "EAGAIN":
    case "ENOMEM":
      return sentence("senders.no-more-processes", { code });
    case "ENOENT":
    case "EACCES":
      return sentence("senders.no-program", { program: process.execPath, code });
    default:
      return message ?? String(error);
  }
}
