import { parseTokenList } from "../../access/token-list";
import type { UserError } from "../../text/user-error";

/** A token as the table shows and saves it: with its text when it was entered just now, else with the hash of it. */
export interface EditedToken {
  readonly name: string;
  readonly token?: string;
  readonly sha256?: string;
  readonly topics: readonly string[];
  readonly expires: string;
}

export type TokenColumn = "name" | "token" | "topics" | "expires";

/** A token with nothing wrong. */
const GOOD: EditedToken = { name: "token", token: "token", topics: ["#"], expires: "" };

/** What is wrong with a list of tokens, if anything is. */
export function tokenListProblem(tokens: readonly EditedToken[]): UserError | undefined {
  try {
    parseTokenList(tokens);
    return undefined;
  } catch (error) {
    if (error instanceof Error && "sentence" in error) return error as UserError;
    throw error;
  }
}

/** What is wrong with one column of a token, the others apart. */
export function columnProblem(token: EditedToken, column: TokenColumn): UserError | undefined {
  const name = column === "name" ? token.name : token.name.trim() || GOOD.name;
  if (column === "token" && token.token === undefined) return undefined;
  return tokenListProblem([{ ...GOOD, name, [column]: token[column] }]);
}
