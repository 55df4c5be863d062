import { type Sentence, sentence } from "../../text/sentence";
import { UserError } from "../../text/user-error";

/** Why no process can be started, in words where there are better ones than those of the system. */
export function startProblem(error: unknown): Sentence | string {
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
