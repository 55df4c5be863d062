/** Longest token that is looked at, listed or presented. Below what Node.js takes as the headers of one request. */
export const MAX_TOKEN_BYTES = 8192;
