import { UserError } from "../text/user-error";

/** What decides about access is not accepted, so nobody may get in. The message holds no secret. */
export class AccessError extends UserError {
  readonly code: string = "ACCESS_INVALID";
}

/** A list of tokens is not accepted. The message names a token by its name or place. */
export class TokenListError extends AccessError {
  override readonly code = "TOKENS_INVALID";
}

/** The key is not one for the algorithm. The message holds no part of the key. */
export class JwtKeyError extends AccessError {
  override readonly code = "JWT_KEY_INVALID";
}

/** The request is to be refused with 400. The message is for whoever wrote the client, and holds no token. */
export class CredentialError extends UserError {
  readonly code = "CREDENTIAL_INVALID";
  readonly status = 400;
}
