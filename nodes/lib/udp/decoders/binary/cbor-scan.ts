import { sentence } from "../../../text/sentence";
import { DecodeError } from "../decoder";
import { ARRAY_COST, ByteScan, INSTANCE_COST, INTEGER_KEY_COST, MAP_COST, type Scan } from "./byte-scan";

const BREAK = 0xff;
const INDEFINITE = 31;
/** A bignum's cost grows with the square of its length; 32 bytes hold any physical quantity. */
const MAX_BIGNUM_BYTES = 32;
const MAX_DATE_BYTES = 64;

/** Bytes per element of the typed arrays of RFC 8746 that the library reads. */
const TYPED_ARRAY_BYTES: ReadonlyMap<number, number> = new Map([
  ...[64, 68, 72].map((tag) => [tag, 1] as const),
  ...[65, 69, 73, 77].map((tag) => [tag, 2] as const),
  ...[66, 70, 74, 78, 81, 85].map((tag) => [tag, 4] as const),
  ...[67, 71, 75, 79, 82, 86].map((tag) => [tag, 8] as const),
]);

/** Tags whose content is the reading: conversion hints, URIs, UUIDs, days and dates, sets, "this is CBOR". */
const TRANSPARENT_TAGS = new Set([21, 22, 23, 24, 32, 33, 34, 36, 37, 100, 258, 1004, 55799]);

/**
 * Walks the heads of CBOR data items without building any: lengths are within the datagram, nesting is bounded, map keys
 * are text or integers, and tags are known to be harmless. The other ones make classes, records, cycles, shared values.
 * Source: RFC 8949
 * @throws {DecodeError} for anything else
 */
export function scanCbor(datagram: Buffer): Scan {
  return new CborScan(datagram).run();
}

class CborScan extends ByteScan {
  /** The five low bits of the head read last: a small argument, or how long it is. */
  #info = 0;
  /** The argument of the head read last, inexact above 2^53; 0 for an indefinite length. */
  #argument = 0;

  protected value(depth: number): void {
    const major = this.#head();
    if (major <= 1) {
      if (this.#info === 27) this.isPlain = false;
    } else if (major === 2) {
      this.charge(INSTANCE_COST);
      this.skip(this.#argument);
    } else if (major === 3) this.skipText(this.#argument);
    else if (major === 4) this.#items(depth, 1);
    else if (major === 5) this.#items(depth, 2);
    else if (major === 6) this.#tagged(this.#argument, depth);
    else this.#simple();
  }

  /** Reads the head of a data item, which fills `info` and `argument`. @returns its major type */
  #head(): number {
    const first = this.byte();
    const major = first >> 5;
    const info = first & 0x1f;
    this.#info = info;
    if (info < 24) this.#argument = info;
    else if (info <= 26) this.#argument = this.uint(1 << (info - 24));
    else if (info === 27) this.#argument = this.uint(4) * 2 ** 32 + this.uint(4);
    else if (info === INDEFINITE && (major === 4 || major === 5)) this.#argument = 0;
    else if (info === INDEFINITE && (major === 2 || major === 3)) {
      throw new DecodeError(sentence("decode.cbor-indefinite"));
    } else throw new DecodeError(sentence("decode.bad-byte", { byte: `0x${first.toString(16)}`, format: "CBOR" }));
    return major;
  }

  /** The elements of an array (one item each) or the entries of a map (two). */
  #items(depth: number, itemsEach: 1 | 2): void {
    const isIndefinite = this.#info === INDEFINITE;
    const length = this.#argument;
    this.enter(depth, isIndefinite ? 1 : itemsEach * length);
    this.charge(itemsEach === 1 ? ARRAY_COST : MAP_COST);
    for (let i = 0; isIndefinite ? !this.#takeBreak() : i < length; i++) {
      if (itemsEach === 2) {
        this.enterEntry(i);
        this.#key();
      }
      this.value(depth + 1);
    }
  }

  #takeBreak(): boolean {
    this.requireBytes(1);
    if (this.bytes[this.position] !== BREAK) return false;
    this.position++;
    return true;
  }

  #key(): void {
    const major = this.#head();
    if (major === 3) this.skipKeyText(this.#argument);
    else if (major <= 1) this.charge(INTEGER_KEY_COST);
    else throw new DecodeError(sentence("decode.bad-key"));
  }

  #simple(): void {
    if (this.#info === 23) this.isPlain = false;
    if (this.#info < 20 || this.#info === 24) {
      throw new DecodeError(sentence("decode.cbor-simple"));
    }
  }

  #tagged(tag: number, depth: number): void {
    this.isPlain = false;
    this.enter(depth, 1);
    this.charge(INSTANCE_COST);
    const elementBytes = TYPED_ARRAY_BYTES.get(tag);
    if (elementBytes !== undefined) this.#typedArray(tag, elementBytes);
    else if (tag === 0) {
      if (this.#head() !== 3 || this.#argument > MAX_DATE_BYTES) throw contentError(tag);
      this.skipText(this.#argument);
    } else if (tag === 1) {
      const major = this.#head();
      if (major > 1 && !(major === 7 && this.#info >= 25)) throw contentError(tag);
    } else if (tag === 2 || tag === 3) this.#bignum(tag);
    else if (tag === 4) this.#decimalFraction();
    else if (TRANSPARENT_TAGS.has(tag)) this.value(depth + 1);
    else throw new DecodeError(sentence("decode.cbor-tag", { tag }));
  }

  #typedArray(tag: number, elementBytes: number): void {
    if (this.#head() !== 2 || this.#argument % elementBytes !== 0) throw contentError(tag);
    this.skip(this.#argument);
  }

  #bignum(tag: number): void {
    if (this.#head() !== 2 || this.#argument > MAX_BIGNUM_BYTES) throw contentError(tag);
    this.skip(this.#argument);
  }

  /** `[exponent, mantissa]`, the mantissa an integer of any size. */
  #decimalFraction(): void {
    if (this.#head() !== 4 || this.#info !== 2 || this.#head() > 1) throw contentError(4);
    const major = this.#head();
    if (major === 6 && (this.#argument === 2 || this.#argument === 3)) this.#bignum(this.#argument);
    else if (major > 1) throw contentError(4);
  }
}

function contentError(tag: number): DecodeError {
  return new DecodeError(sentence("decode.cbor-tag-content", { tag }));
}
