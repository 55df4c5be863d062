import { parseConfig } from "../../../nodes/lib/config/fields";
import { createDecoder } from "../../../nodes/lib/udp/decoders";
import { FORMATS, type Format } from "../../../nodes/lib/udp/decoders/formats";
import { fields } from "../../../nodes/udp-sensor-in.config";
import { type Figures, us } from "../report";
import type { Workload } from "./workload";

const BATCH = 1000;
/** Of the window; there are many formats. */
const SHARE_OF_WINDOW = 0.1;

interface Sample {
  readonly datagram: Buffer;
  /** What the format needs besides its name. */
  readonly options?: Readonly<Record<string, unknown>>;
}

const JSON_DATAGRAM = Buffer.from('{"sensor":"s12","value":21.75,"seq":123456}');

/** About the same reading in every format that has one. */
const SAMPLES: Readonly<Record<Format, Sample>> = {
  auto: { datagram: JSON_DATAGRAM },
  json: { datagram: JSON_DATAGRAM },
  text: { datagram: Buffer.from("21.75") },
  buffer: { datagram: JSON_DATAGRAM },
  csv: { datagram: Buffer.from("s12,21.75,123456"), options: { csvColumns: ["sensor", "value", "seq"] } },
  keyvalue: { datagram: Buffer.from("sensor=s12 value=21.75 seq=123456") },
  influx: { datagram: Buffer.from("climate,sensor=s12 value=21.75,seq=123456i 1465839830100400200") },
  nmea: { datagram: Buffer.from("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n") },
  statsd: { datagram: Buffer.from("climate.value:21.75|g|#sensor:s12,seq:123456") },
  osc: { datagram: Buffer.from("2f7331322f76616c756500002c66690041ae00000001e240", "hex") },
  msgpack: {
    datagram: Buffer.from("83a673656e736f72a3733132a576616c7565cb4035c00000000000a3736571ce0001e240", "hex"),
  },
  cbor: { datagram: Buffer.from("a36673656e736f72637331326576616c7565fb4035c00000000000637365711a0001e240", "hex") },
  struct: {
    datagram: Buffer.from("0c000000ae4140e20100", "hex"),
    options: {
      structTemplate: [
        { name: "sensor", type: "u16" },
        { name: "value", type: "f32" },
        { name: "seq", type: "u32" },
      ],
    },
  },
};

/** What decoding alone costs, in the process of the benchmark itself. */
export const decoders: Workload = {
  name: "decoders",
  async run({ seconds }) {
    const rows: string[][] = [];
    const figures: Record<string, Figures> = {};
    for (const format of FORMATS) {
      const { datagram, options } = SAMPLES[format];
      const decode = createDecoder(parseConfig(fields, { ...options, format }));
      const costUs = costOf(() => decode(datagram), seconds * SHARE_OF_WINDOW * 1000);
      figures[format] = { cpuUs: costUs };
      rows.push([format, String(datagram.length), us(costUs)]);
    }
    return {
      title: "Decoding one datagram of one reading",
      table: { columns: ["format", "bytes", "per datagram"], rows },
      targets: [],
      figures,
    };
  },
};

/** @returns microseconds per call, the median of many batches */
function costOf(work: () => unknown, forMs: number): number {
  const batches: number[] = [];
  for (const end = performance.now() + forMs; performance.now() < end; ) batches.push(batchMs(work));
  batches.sort((a, b) => a - b);
  return ((batches[batches.length >> 1] ?? Number.NaN) * 1000) / BATCH;
}

function batchMs(work: () => unknown): number {
  const start = performance.now();
  for (let call = 0; call < BATCH; call++) work();
  return performance.now() - start;
}
