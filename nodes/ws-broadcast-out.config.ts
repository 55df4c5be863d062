import { boolean, type ConfigOf, nodeReference, text } from "./lib/config/fields";

/** Everything a user can set on a `ws-broadcast-out` node. */
export const fields = {
  server: nodeReference("ws-broadcast-server"),
  /** Used when `msg.topic` is empty. */
  topic: text({ default: "" }),
  /** Send `{"topic","payload","time","seq"}` instead of the bare payload. */
  envelope: boolean({ default: false }),
  /** Adds an output for what happens at the server, and for answers to commands. */
  events: boolean({ default: false }),
};

export type WsBroadcastOutConfig = ConfigOf<typeof fields>;
