/** What decides about access is not accepted, so nobody may get in. The message is a sentence for the user, without secrets. */
export class AccessError extends Error {
  readonly code: string = "ACCESS_INVALID";
}
