import { boolean, type ConfigOf, integer, list, oneOf, text } from "./lib/config/fields";

/** Everything a user can set on a `udp-sensor-in` node. */
export const fields = {
  port: integer({ default: 41234, min: 1, max: 65535 }),
  /** Address or interface name to bind; empty: all. */
  address: text({ default: "" }),
  family: oneOf(["udp4", "udp6", "dual"], { default: "udp4" }),
  /** Multicast groups to join, on the interface of `address`. */
  groups: list(),
  format: oneOf(["auto", "json", "text", "buffer"], { default: "auto" }),
  /** Template over the reading's fields and `{ip}`, `{port}`; levels separated by `/`. */
  topic: text({ default: "{sensor}" }),
  /** Longest datagram accepted, in bytes. */
  maxBytes: integer({ default: 65507, min: 1, max: 65507 }),
  /** SO_RCVBUF to ask for, in bytes. */
  receiveBuffer: integer({ default: 4 * 1024 * 1024, min: 4096, max: 1024 * 1024 * 1024 }),
  /** Adds a second output for rejected datagrams. */
  rejects: boolean({ default: false }),
};

export type UdpSensorInConfig = ConfigOf<typeof fields>;
