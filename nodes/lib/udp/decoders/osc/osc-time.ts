/** From the beginning of NTP's time to that of Unix, in seconds. */
const UNIX_EPOCH_S = 2_208_988_800;
const FRACTIONS_PER_MS = 2 ** 32 / 1000;

/**
 * Milliseconds since 1970, with a fraction, of a time tag: seconds since 1900 and fractions of a second, 32 bits each.
 * @returns `undefined` for one that says "immediately" (0 and 1), and where a sender without a clock left the seconds empty
 */
export function oscTime(bytes: Buffer, offset: number): number | undefined {
  const seconds = bytes.readUInt32BE(offset);
  if (seconds === 0) return undefined;
  return (seconds - UNIX_EPOCH_S) * 1000 + bytes.readUInt32BE(offset + 4) / FRACTIONS_PER_MS;
}
