import type { Format } from "./formats";

/** A datagram and the reading in it, as the dialog shows them beside a format. */
export interface FormatExample {
  /** Text, or bytes in hexadecimal. */
  readonly datagram: string;
  readonly isBinary?: boolean;
  /** As JSON. */
  readonly payload: string;
}

/** One for each format; of CSV and binary records, with the options that suit them. */
export const FORMAT_EXAMPLES: Readonly<Record<Format, FormatExample>> = {
  auto: { datagram: '{"sensor":"kitchen","value":21.5}', payload: '{"sensor":"kitchen","value":21.5}' },
  json: { datagram: '{"sensor":"kitchen","value":21.5}', payload: '{"sensor":"kitchen","value":21.5}' },
  text: { datagram: "kitchen 21.5", payload: '"kitchen 21.5"' },
  buffer: { datagram: "01 ff", isBinary: true, payload: '{"type":"Buffer","data":[1,255]}' },
  csv: { datagram: "kitchen,21.5,°C", payload: '{"sensor":"kitchen","value":21.5,"unit":"°C"}' },
  keyvalue: { datagram: "sensor=kitchen value=21.5", payload: '{"sensor":"kitchen","value":21.5}' },
  influx: {
    datagram: "weather,site=roof temp=21.5",
    payload: '{"measurement":"weather","tags":{"site":"roof"},"fields":{"temp":21.5}}',
  },
  nmea: {
    datagram: "$IIMTW,21.5,C*15",
    payload: '{"talker":"II","sentence":"MTW","fields":["21.5","C"],"waterTemperatureC":21.5}',
  },
  statsd: {
    datagram: "api.calls:3|c|@0.1|#env:live",
    payload: '{"metric":"api.calls","type":"counter","value":3,"rate":0.1,"tags":{"env":"live"}}',
  },
  osc: {
    datagram: "2f 31 2f 66 61 64 65 72 33 00 00 00 2c 66 00 00 3f 40 00 00",
    isBinary: true,
    payload: '{"address":"/1/fader3","value":0.75}',
  },
  msgpack: { datagram: "81 a1 74 15", isBinary: true, payload: '{"t":21}' },
  cbor: { datagram: "a1 61 74 15", isBinary: true, payload: '{"t":21}' },
  struct: { datagram: "07 00 eb 00", isBinary: true, payload: '{"id":7,"temp":23.5}' },
};
