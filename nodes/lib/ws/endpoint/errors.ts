import { UserError } from "../../text/user-error";

/** The endpoint cannot be on Node-RED's own web server. The message says why, and what to do. */
export class SharedServerError extends UserError {
  readonly code = "NOT_ATTACHED";
}

/** Another server of this package already answers on the path. */
export class RouteTakenError extends UserError {
  readonly code = "ROUTE_TAKEN";
}
