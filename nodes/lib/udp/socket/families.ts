/**
 * `udp6`: IPv6, and IPv4 as well where nobody else has that port. `dual`: both or neither.
 * Also read by the editor, so this file imports nothing of Node.js.
 */
export const FAMILIES = ["udp4", "udp6", "dual"] as const;

export type Family = (typeof FAMILIES)[number];
