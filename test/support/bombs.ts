const MAX_BYTES = 65_507;

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

function repeat(unit: string | Buffer, prefix: string | Buffer = ""): Buffer {
  const bytes = Buffer.alloc(MAX_BYTES, unit);
  Buffer.from(prefix).copy(bytes);
  return bytes;
}

/** OSC bundles inside one another, the outermost of which is too long for its datagram. */
function oscBundles(count: number): Buffer {
  const start = Buffer.concat([Buffer.from("#bundle\0"), hex("0000000000000001")]);
  const lengths = Array.from({ length: count }, (_, i) => MAX_BYTES - (i + 1) * (start.length + 4));
  return Buffer.concat(
    lengths.flatMap((length) => {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(length);
      return [start, size];
    }),
  );
}

/** Datagrams, by name, that are small to send and made to cost a decoder time, memory or the stack. */
export const BOMBS: Readonly<Record<string, Buffer>> = {
  "open brackets": Buffer.alloc(32_000, "["),
  "a prototype": Buffer.from('{"__proto__":{"polluted":true}}'),
  "deep objects": repeat('{"a":'),
  commas: repeat(","),
  quotes: repeat('"'),
  "an open quote": repeat("a", '"'),
  backslashes: repeat("\\"),
  "equals signs": repeat("="),
  "line ends": repeat("\n"),
  "line ends behind JSON": repeat("\n", "1"),
  "line ends before what is no JSON": Buffer.concat([repeat("\n", "[").subarray(1), Buffer.from("]")]),
  pairs: repeat("a=1,"),
  "many names": Buffer.from(Array.from({ length: 11_000 }, (_, i) => `${i.toString(36)}=1`).join(" ")),
  spaces: repeat(" "),
  digits: repeat("9"),
  "a number and a field": repeat("9", "m v="),
  "an integer field": Buffer.concat([repeat("9", "m v="), Buffer.from("i")]),
  fields: repeat("a=1,", "m "),
  tags: repeat(",a=b", "m"),
  "a quoted field": repeat("\\", 'm v="'),
  dollars: repeat("$"),
  "a long sentence": repeat(",", "$GPGSV"),
  "a TAG block": repeat("\\s:1*00"),
  "statsd values": repeat(":1", "a:1|c\na"),
  "statsd values with tags": Buffer.from(
    `a${":1".repeat(4000)}|c|#${Array.from({ length: 4000 }, (_, i) => i).join(",")}`,
  ),
  "statsd parts": repeat("|@1", "a:1|c"),
  "statsd tags": repeat(",a:1", "a:1|c|#"),
  "osc bundles, deep": repeat(oscBundles(2000)),
  "osc messages": repeat(hex("00000008 2f000000 2c000000"), `#bundle\0${"\0".repeat(8)}`),
  "osc arguments": repeat("T", "/\0\0\0,"),
  "osc lists": repeat("[]", "/\0\0\0,"),
  "osc lists, deep": Buffer.from(`/\0\0\0,${"[".repeat(30_000)}${"]".repeat(30_000)}\0\0\0`),
  "an osc blob of 4 GB": Buffer.concat([Buffer.from("/\0\0\0,b\0\0"), hex("fffffffc")]),
  "osc numbers": Buffer.concat([Buffer.from(`/\0\0\0,${"f".repeat(4094)}\0`), Buffer.alloc(4 * 4094, hex("3f9df3b6"))]),
  "osc texts": Buffer.concat([Buffer.from(`/\0\0\0,${"s".repeat(4094)}\0`), Buffer.alloc(4 * 4094)]),
  "a msgpack array of 32 million": hex("dd 01ffffff"),
  "msgpack arrays of 65535, nested": repeat(hex("dcffff")),
  "msgpack arrays, deep": repeat(hex("91")),
  "msgpack maps, deep": repeat(hex("81a161")),
  "msgpack empty arrays": repeat(hex("90"), hex("dd 0000ffde")),
  "msgpack empty maps": repeat(hex("80"), hex("dd 0000ffde")),
  "msgpack nulls": repeat(hex("c0"), hex("dd 0000ffde")),
  "msgpack empty byte strings": repeat(hex("c400"), hex("dd 00007fef")),
  "msgpack timestamps": repeat(hex("d6ff00000001"), hex("dd 00002aa5")),
  "msgpack 64-bit integers": repeat(hex("cf"), hex("dd 00001c6e")),
  "msgpack records": repeat(hex("d4724091a161"), hex("dd 00001c6e")),
  "cbor array of 2^63": hex("9b 7fffffffffffffff"),
  "cbor arrays of 65535, nested": repeat(hex("99ffff")),
  "cbor arrays, deep": repeat(hex("81")),
  "cbor indefinite arrays, deep": repeat(hex("9f")),
  "cbor indefinite maps, deep": repeat(hex("bf6161")),
  "cbor tags, deep": repeat(hex("c1")),
  "cbor self-description, deep": repeat(hex("d9d9f7")),
  "cbor dates": repeat(hex("c100"), hex("9a 00007fef")),
  "cbor empty maps": repeat(hex("a0"), hex("9a 0000ffde")),
  "cbor undefined": repeat(hex("f7"), hex("9a 0000ffde")),
  "cbor bignum of 64 KB": repeat(hex("ff"), hex("c2 59 ffdf")),
  "cbor decimal fractions": repeat(hex("c4 82 1b 7fffffffffffffff 01"), hex("9a 000013ab")),
  "cbor shared cycles": hex("d81c 81 d81d 00"),
  "cbor records": hex("d9dfff 83 19e000 81 6161 01"),
};
