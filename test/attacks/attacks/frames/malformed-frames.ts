import assert from "node:assert/strict";
import { OPCODE } from "../../../../nodes/lib/ws/hub/frames/frames";
import { type Attack, SILENT_PATH } from "../../attack";
import { type ClientFrame, clientFrame, closeCodeOf } from "../../client-frame";

const { text, binary, close, ping } = OPCODE;
const CONTINUATION = 0;

const NO_STATUS = 1005;
const PROTOCOL_ERROR = 1002;
const INVALID_TEXT = 1007;
const POLICY = 1008;
const TOO_BIG = 1009;

/** What each is closed with. Codes are of RFC 6455, section 7.4.1. */
const FRAMES: readonly (readonly [name: string, frame: ClientFrame, code: number])[] = [
  ["binary data", { opcode: binary, payload: Buffer.alloc(1000) }, POLICY],
  ["a frame over the limit", { opcode: binary, payload: Buffer.alloc(1025) }, TOO_BIG],
  ["a frame of 1 MB", { opcode: binary, payload: Buffer.alloc(2 ** 20) }, TOO_BIG],
  ["a frame said to have 2^40 bytes", { opcode: binary, claimedLength: 2 ** 40 }, TOO_BIG],
  ["a frame said to have 2^63 bytes", { opcode: binary, claimedLength: 2 ** 63 }, TOO_BIG],
  ["an unmasked frame", { opcode: text, payload: "hello", masked: false }, PROTOCOL_ERROR],
  ...[3, 7, 11, 15].map((opcode) => [`opcode ${opcode}`, { opcode }, PROTOCOL_ERROR] as const),
  ...[1, 2, 4, 7].map((reserved) => [`reserved bits ${reserved}`, { opcode: text, reserved }, PROTOCOL_ERROR] as const),
  ["a continuation of nothing", { opcode: CONTINUATION, payload: "a" }, PROTOCOL_ERROR],
  ["a fragmented ping", { opcode: ping, fin: false }, PROTOCOL_ERROR],
  ["a ping of 126 bytes", { opcode: ping, payload: Buffer.alloc(126) }, PROTOCOL_ERROR],
  ["text that is not UTF-8", { opcode: text, payload: Buffer.from([0xc0, 0x80]) }, INVALID_TEXT],
  ["half a surrogate pair", { opcode: text, payload: Buffer.from([0xed, 0xa0, 0x80]) }, INVALID_TEXT],
  ...[0, 999, 1004, 1005, 1006, 1015, 2000, 2999, 5000, 65535].map(
    (code) => [`close code ${code}`, { opcode: close, payload: bigEndian(code) }, PROTOCOL_ERROR] as const,
  ),
  ["half a close code", { opcode: close, payload: Buffer.from([3]) }, PROTOCOL_ERROR],
  ["a close reason that is not UTF-8", { opcode: close, payload: Buffer.from([3, 232, 0xff]) }, INVALID_TEXT],
  ["a close frame without a code", { opcode: close }, NO_STATUS],
];

/** Legal texts, of which a client may send some 32 a second. */
const TEXTS = ["ping", '{"subscribe":"#"}', '{"__proto__":{"polluted":true}}'];
const TOO_MANY_TEXTS = 100;

/** Frames that a client must not send, or not so many of. It is sent away, with the code that says why. */
export const malformedFrames: Attack = async ({ ports }, crowd) => {
  await Promise.all(
    ports.flatMap((port) =>
      TEXTS.map(async (payload) => {
        const socket = await crowd.join({ port, path: SILENT_PATH });
        const frame = clientFrame({ opcode: text, payload });
        socket.write(Buffer.concat(Array.from({ length: TOO_MANY_TEXTS }, () => frame)));
        assert.equal(await closeCodeOf(socket), POLICY, payload);
      }),
    ),
  );
  await Promise.all(
    ports.flatMap((port) =>
      FRAMES.map(async ([name, frame, code]) => {
        const socket = await crowd.join({ port, path: SILENT_PATH });
        socket.write(clientFrame(frame));
        assert.equal(await closeCodeOf(socket), code, name);
      }),
    ),
  );
};

function bigEndian(code: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return bytes;
}
