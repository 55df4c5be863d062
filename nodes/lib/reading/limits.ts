/** Arrays and objects inside one another. Whoever clones or compares deeper values runs out of stack. */
export const MAX_NESTING = 32;

/** Of one datagram. One of one-byte readings would otherwise become 65 507 messages. */
export const MAX_READINGS = 4096;
