import type { ListenerFigures, ServerFigures } from "../../nodes/lib/metrics/figures";

/** Of a server: every figure another. */
export const SERVER_FIGURES: ServerFigures = {
  published: 100,
  topics: 3,
  topicsEvicted: 1,
  deliveries: { offered: 200, delivered: 150, conflated: 30, dropped: 15, pending: 5 },
  clients: { stream: 2, latest: 1 },
  lags: [0, 0, 5],
  refused: { 401: 2, 503: 1 },
  logBytes: 4096,
  historyBytes: 1024,
  socketBytes: 512,
  senders: 0,
};

/** Of a listener with a name that needs care. */
export const LISTENER_FIGURES: ListenerFigures = {
  id: "a1b2",
  name: 'hall "north"',
  readings: 12,
  stats: {
    received: 20,
    emitted: 8,
    conflated: 2,
    pending: 1,
    rejected: { size: 1, sender: 2, rate: 3, decode: 3, depth: 0, overload: 0 },
    kernelDrops: 7,
    threadDrops: 4,
    receiveBuffer: { asked: 1, granted: 1 },
  },
};
