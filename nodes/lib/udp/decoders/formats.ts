/** What a datagram may hold. Also read by the editor, so this file imports no decoder. */
export const FORMATS = ["auto", "json", "text", "buffer"] as const;

export type Format = (typeof FORMATS)[number];
