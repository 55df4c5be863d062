import { boolean, type ConfigOf, integer, list, oneOf, text } from "./lib/config/fields";
import { FORMATS } from "./lib/udp/decoders/formats";
import { FAMILIES } from "./lib/udp/families";
import { templateProblem } from "./lib/udp/topic-template";

const MULTICAST_GROUP = /^((22[4-9]|23\d)(\.\d{1,3}){3}|ff[\da-f]{2}:[\da-f:.]+)$/i;

/** Everything a user can set on a `udp-sensor-in` node. */
export const fields = {
  port: integer({ default: 41234, min: 1, max: 65535 }),
  /** Address or interface name to bind; empty: all. */
  address: text({ default: "" }),
  family: oneOf(FAMILIES, { default: "udp4" }),
  /** Multicast groups to join, on the interface of `address`. */
  groups: list({
    check: (group) =>
      MULTICAST_GROUP.test(group) ? undefined : "multicast addresses (224.0.0.0 to 239.255.255.255, or ff00::/8)",
  }),
  format: oneOf(FORMATS, { default: "auto" }),
  /** Template over the reading's fields and `{ip}`, `{port}`; levels separated by `/`. */
  topic: text({ default: "{sensor}", check: templateProblem }),
  /** Longest datagram accepted, in bytes. */
  maxBytes: integer({ default: 65507, min: 1, max: 65507 }),
  /** SO_RCVBUF to ask for, in bytes. */
  receiveBuffer: integer({ default: 4 * 1024 * 1024, min: 4096, max: 1024 * 1024 * 1024 }),
  /** Adds a second output for rejected datagrams. */
  rejects: boolean({ default: false }),
};

export type UdpSensorInConfig = ConfigOf<typeof fields>;
