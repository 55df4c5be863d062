import { type Environment, withEnvironment } from "../config/environment";
import { UnsetVariableError } from "../config/errors";

/**
 * Listed tokens with the environment variables they name put in. In the JSON text that the editor saves, Node-RED itself
 * puts in none, and they would be taken for tokens that anybody can guess.
 * @throws {UnsetVariableError}
 */
export function tokensWithEnvironment(tokens: unknown, environment: Environment): unknown {
  const unset = (name: string) => new UnsetVariableError("tokens", name);
  return withEnvironment(typeof tokens === "string" ? parsed(tokens) : tokens, environment, unset);
}

/** What is no JSON stays text, to be refused in words where it is read. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
