import { sentence } from "../../../text/sentence";
import { DecodeError } from "../decoder";
import { ARRAY_COST, ByteScan, INSTANCE_COST, INTEGER_KEY_COST, MAP_COST, type Scan } from "./byte-scan";

const TIMESTAMP_TYPE = 0xff;
const TIMESTAMP_BYTES = new Set([4, 8, 12]);
/** Bytes behind the code of each fixed-size number, from 0xca (float32) to 0xd3 (int64). */
const NUMBER_BYTES = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];

/**
 * Walks the headers of MessagePack values without building any: lengths are within the datagram, nesting is bounded, map
 * keys are text or integers, and timestamps the only extension. The other ones make classes, records, cycles.
 * Source: https://github.com/msgpack/msgpack/blob/master/spec.md
 * @throws {DecodeError} for anything else
 */
export function scanMsgpack(datagram: Buffer): Scan {
  return new MsgpackScan(datagram).run();
}

class MsgpackScan extends ByteScan {
  protected value(depth: number): void {
    const code = this.byte();
    if (code < 0x80 || code >= 0xe0) return;
    if (code < 0x90) this.#map(code & 0x0f, depth);
    else if (code < 0xa0) this.#array(code & 0x0f, depth);
    else if (code < 0xc0) this.skipText(code & 0x1f);
    else this.#codedValue(code, depth);
  }

  #codedValue(code: number, depth: number): void {
    switch (code) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        break;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        this.charge(INSTANCE_COST);
        this.skip(this.uint(1 << (code - 0xc4)));
        break;
      case 0xc7:
      case 0xc8:
      case 0xc9:
        this.#extension(this.uint(1 << (code - 0xc7)));
        break;
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        this.#extension(1 << (code - 0xd4));
        break;
      case 0xd9:
      case 0xda:
      case 0xdb:
        this.skipText(this.uint(1 << (code - 0xd9)));
        break;
      case 0xdc:
      case 0xdd:
        this.#array(this.uint(code === 0xdc ? 2 : 4), depth);
        break;
      case 0xde:
      case 0xdf:
        this.#map(this.uint(code === 0xde ? 2 : 4), depth);
        break;
      default:
        this.#number(code);
    }
  }

  #number(code: number): void {
    const size = NUMBER_BYTES[code - 0xca];
    if (size === undefined)
      throw new DecodeError(sentence("decode.bad-byte", { byte: `0x${code.toString(16)}`, format: "MessagePack" }));
    // The library gives BigInts for what it cannot hold as a number.
    if (code === 0xcf || code === 0xd3) this.isPlain = false;
    this.skip(size);
  }

  #array(length: number, depth: number): void {
    this.enter(depth, length);
    this.charge(ARRAY_COST);
    for (let i = 0; i < length; i++) this.value(depth + 1);
  }

  #map(length: number, depth: number): void {
    this.enter(depth, 2 * length);
    this.charge(MAP_COST);
    for (let i = 0; i < length; i++) {
      this.enterEntry(i);
      this.#key();
      this.value(depth + 1);
    }
  }

  #key(): void {
    const code = this.byte();
    if (code >= 0xa0 && code < 0xc0) this.skipKeyText(code & 0x1f);
    else if (code >= 0xd9 && code <= 0xdb) this.skipKeyText(this.uint(1 << (code - 0xd9)));
    else if (code < 0x80 || code >= 0xcc) {
      this.charge(INTEGER_KEY_COST);
      if (code >= 0x80 && code < 0xe0) this.#number(code);
    } else throw new DecodeError(sentence("decode.bad-key"));
  }

  #extension(length: number): void {
    this.requireBytes(1 + length);
    const type = this.byte();
    if (type !== TIMESTAMP_TYPE) throw new DecodeError(sentence("decode.msgpack-extension", { type }));
    if (!TIMESTAMP_BYTES.has(length)) throw new DecodeError(sentence("decode.msgpack-timestamp", { bytes: length }));
    this.isPlain = false;
    this.charge(INSTANCE_COST);
    this.skip(length);
  }
}
