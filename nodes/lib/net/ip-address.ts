/**
 * Writes an address as the operating system gives it in its plain form: IPv4 that arrived on an IPv6 socket
 * (`::ffff:192.0.2.1`, RFC 4291 section 2.5.5.2) as IPv4. Cheap: once per datagram.
 *
 * @param zone of a link-local address (`fe80::1%eth0`): dropped where addresses are compared, kept where one is to be answered
 */
export function plainAddress(address: string, zone: "keep" | "drop"): string {
  if (!address.includes(":")) return address;
  const end = zone === "keep" ? -1 : address.indexOf("%");
  const bare = end === -1 ? address : address.slice(0, end);
  return bare.startsWith(MAPPED_PREFIX) && bare.includes(".") ? bare.slice(MAPPED_PREFIX.length) : bare;
}

/**
 * Reads an address that a person or a proxy wrote, in any spelling of RFC 4291; of IPv4 only four decimal numbers, since
 * `010.0.0.1` and `10.1` mean different hosts to different programs. Runs in the editor too.
 * @returns its canonical form (RFC 5952), IPv4-mapped addresses as IPv4; `undefined` for what is not an address
 */
export function canonicalAddress(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  if (IPV4.test(text)) return text;
  const bare = isIPv6(text) ? text.replace(ZONE, "") : text;
  if (!IPV6_CHARACTERS.test(bare) || !URL.canParse(`http://[${bare}]`)) return undefined;
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = MAPPED_HEXADECIMAL.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  const bits = Number.parseInt(high, 16) * 0x10000 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".");
}

/** Of an address in its plain form. */
export function isLoopback(address: string): boolean {
  return address === "::1" || (address.startsWith("127.") && !isIPv6(address));
}

/**
 * What the internet gives to one subscriber: an IPv4 address, or an IPv6 network of 64 bits, within which everybody can
 * have as many addresses as they like (RFC 6177).
 * @param address in its plain form
 * @returns an IPv4 address as it is, an IPv6 address as `2001:db8:0:1::/64`
 */
export function addressBlock(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.split("::", 2);
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const missing = address.includes("::") ? Array(Math.max(0, 8 - before.length - after.length)).fill("0") : [];
  return `${[...before, ...missing, ...after].slice(0, 4).join(":")}::/64`;
}

export function isIPv6(address: string): boolean {
  return address.includes(":");
}

/** An IPv6 address with a zone. */
const MAX_CHARACTERS = 80;
const MAPPED_PREFIX = "::ffff:";
const MAPPED_HEXADECIMAL = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;
const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);
/** A URL parser would skip or decode some others first. */
const IPV6_CHARACTERS = /^[\da-f:.]{2,45}$/i;
/** As in `fe80::1%eth0`; the name is that of a network interface. */
const ZONE = /%[\w.:-]{1,32}$/;
