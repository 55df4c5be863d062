import type { Problem } from "../cockpit/endpoint";
import { notify } from "../editor/parts/ask.editor";
import { say, word } from "./words.editor";

type Query = Readonly<Record<string, string | number>>;

/** Asks the admin API, with the rights of the editor's user. @returns undefined where there is nothing of that name */
export async function ask<T>(path: string, query: Query = {}): Promise<T | undefined> {
  return await $.ajax({ url: `sensorcast/${path}`, data: query, dataType: "json", cache: false });
}

/** Has the runtime do something, and tells the user if it did not. */
export async function act(path: string, body: object): Promise<Record<string, unknown> | undefined> {
  try {
    const data = JSON.stringify(body);
    return await $.ajax({ url: `sensorcast/${path}`, method: "POST", contentType: "application/json", data });
  } catch (error) {
    notify(problemOf(error), "error");
    return undefined;
  }
}

function problemOf(error: unknown): string {
  const { responseJSON, statusText } = error as { responseJSON?: Partial<Problem>; statusText?: string };
  return responseJSON?.problem === undefined
    ? word("not-done", { reason: statusText ?? String(error) })
    : say(responseJSON.problem);
}

/** Whether the editor's user may do something; Node-RED asks again when it is done. */
export function may(permission: "udp-sensor-in.write" | "ws-broadcast-server.write" | "flows.write"): boolean {
  return RED.user.hasPermission(permission);
}
