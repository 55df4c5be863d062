import { describeMachine } from "../bench/machine";
import { count, markdown, percent } from "../bench/report";
import type { EdgeFigures, ScaleResults } from "./scale-results";

const START = "<!-- scale: written by npm run bench:readme -->";
const END = "<!-- /scale -->";
/** What the arithmetic is for. */
const CLIENTS = 1_000_000;
const PER_CLIENT_PER_SECOND = 10;
/** Of a core: the rest is for bursts, and for those who come back all at once. */
const PLANNED_SHARE = 0.6;
/** That the sensors send, all together, and every edge takes: give edges different filters for more. */
const READINGS_PER_SECOND = 1000;
/** In µs. */
const SECOND = 1_000_000;

/** @returns the README with what was measured in its place. @throws {Error} if it has none */
export function withScale(readme: string, results: ScaleResults): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end === -1) throw new Error(`the README has no lines "${START}" and "${END}"`);
  return `${readme.slice(0, start + START.length)}\n${scaleSection(results)}\n${readme.slice(end)}`;
}

/** What was measured, and what follows from it by arithmetic, in Markdown. */
export function scaleSection(results: ScaleResults): string {
  return `${measured(results)}\n\n${arithmetic(results)}`;
}

/** What the parts cost of a core, in µs; measured, or a difference of what was. */
function costs({ readingsPerSecond, sensorSideShare, broker, balancer, ofEverything, ofOneTopic }: ScaleResults) {
  const perDelivery = ({ share, idleShare, deliveriesPerSecond }: EdgeFigures): number =>
    (SECOND * (share - idleShare)) / deliveriesPerSecond;
  const toAnEdge = (SECOND * (broker.moreShare - broker.share)) / broker.moreMessagesPerSecond;
  const [everything] = ofEverything;
  const [oneTopic] = ofOneTopic;
  if (everything === undefined || oneTopic === undefined) throw new Error("no edge was measured");
  return {
    reading: (SECOND * sensorSideShare) / readingsPerSecond,
    toAnEdge,
    fromSensors: (SECOND * broker.share) / readingsPerSecond - ofEverything.length * toAnEdge,
    readingOnEdge: (SECOND * everything.idleShare) / readingsPerSecond,
    delivery: perDelivery(everything),
    lonelyDelivery: perDelivery(oneTopic),
    balanced: (SECOND * balancer.share) / balancer.deliveriesPerSecond,
  };
}

function measured(results: ScaleResults): string {
  const { readingsPerSecond, topics, followers, broker, balancer, ofEverything, ofOneTopic, moves } = results;
  const cost = costs(results);
  const edgeRow = (
    { clients, share: ofCore, deliveriesPerSecond }: EdgeFigures,
    of: string,
    perDelivery: number,
  ): string[] => [
    `an edge, ${followers / 2} clients and ${count(clients)} of ${of}`,
    `${count(deliveriesPerSecond)} deliveries/s`,
    share(ofCore),
    `${micro(perDelivery)} a delivery besides; ${count(rounded(deliveriesPerSecond / ofCore))} of them a second of a core`,
  ];
  const rows = [
    [
      "sensor side",
      `${readingsPerSecond} readings/s`,
      share(results.sensorSideShare),
      `${micro(cost.reading)} a reading`,
    ],
    [
      "Mosquitto, two edges",
      `${readingsPerSecond} messages/s in, ${2 * readingsPerSecond} out`,
      share(broker.share),
      `${micro(cost.fromSensors)} a message in`,
    ],
    [
      `Mosquitto, ${broker.moreEdges} edges more`,
      `${count(broker.moreMessagesPerSecond)} messages/s more out`,
      share(broker.moreShare),
      `${micro(cost.toAnEdge)} a message out, ${share((broker.moreShare - broker.share) / broker.moreEdges)} an edge`,
    ],
    [
      "an edge, no clients",
      `${readingsPerSecond} messages/s in`,
      share(ofEverything[0]?.idleShare),
      `${micro(cost.readingOnEdge)} a reading`,
    ],
    ...ofEverything.slice(0, 1).map((edge) => edgeRow(edge, "everything", cost.delivery)),
    ...ofOneTopic.map((edge) => edgeRow(edge, "one topic each", cost.lonelyDelivery)),
    [
      "HAProxy",
      `${count(balancer.deliveriesPerSecond)} deliveries/s`,
      share(balancer.share),
      `${micro(cost.balanced)} a delivery`,
    ],
  ];
  const clients = moves.map(({ clients }) => clients).sort((a, b) => a - b);
  const silences = moves.map(({ longestMs }) => longestMs / 1000).sort((a, b) => a - b);
  const seconds = (value = 0): string => value.toFixed(2);
  return [
    `**Measured** by \`npm run scale\`, with Mosquitto and HAProxy on the same machine: ${readingsPerSecond} readings/s of ${topics} topics.`,
    "",
    markdown({ columns: ["process", "carried", "of a core", "which makes"], rows }),
    "",
    "Deliveries cost less the more of them go out together. A core that has nothing else to do carries a million of them, as measured above;",
    "what it would carry at the price of a delivery in this table is arithmetic.",
    "",
    `Mosquitto was restarted meanwhile: ${results.wrong === 0 ? "no client that was connected missed a reading or got one out of order" : `${results.wrong} readings were missed or out of order`}.`,
    `An edge was killed ${moves.length} times, with ${clients[0]} to ${clients.at(-1)} clients on it: the last of them heard readings again after`,
    `${seconds(silences[0])} to ${seconds(silences.at(-1))} s, nearly all of which the client itself waits (0.5 to 1.5 s, at random, so that not all come at once).`,
    "",
    `Measured on ${results.date}: ${describeMachine(results.machine)}`,
  ].join("\n");
}

function arithmetic(results: ScaleResults): string {
  const cost = costs(results);
  const deliveries = CLIENTS * PER_CLIENT_PER_SECOND;
  const shareOfReadings = (READINGS_PER_SECOND * cost.readingOnEdge) / SECOND;
  const perEdge = rounded(((PLANNED_SHARE - shareOfReadings) * SECOND) / cost.lonelyDelivery / PER_CLIENT_PER_SECOND);
  const edges = Math.ceil(CLIENTS / perEdge);
  const sensorSides = Math.ceil((READINGS_PER_SECOND * cost.reading) / SECOND / PLANNED_SHARE);
  const edgesPerBroker = Math.floor(
    (PLANNED_SHARE * SECOND - READINGS_PER_SECOND * cost.fromSensors) / (READINGS_PER_SECOND * cost.toAnEdge),
  );
  const balancers = Math.ceil((deliveries * cost.balanced) / SECOND / PLANNED_SHARE);
  const rows = [
    [
      "edges",
      `${count(edges)} of one core`,
      `${count(perEdge)} clients, ${count(perEdge * PER_CLIENT_PER_SECOND)} deliveries/s, all ${count(READINGS_PER_SECOND)} readings/s`,
      `${micro(cost.readingOnEdge)} a reading, ${micro(cost.lonelyDelivery)} a delivery`,
    ],
    [
      "sensor sides",
      count(sensorSides),
      `${count(READINGS_PER_SECOND / sensorSides)} readings/s`,
      `${micro(cost.reading)} a reading`,
    ],
    [
      "brokers",
      `${count(Math.ceil(edges / edgesPerBroker))}, bridged, or a cluster`,
      `${count(READINGS_PER_SECOND)} messages/s in, ${count(READINGS_PER_SECOND * Math.min(edges, edgesPerBroker))} out to ${count(Math.min(edges, edgesPerBroker))} edges`,
      `${micro(cost.fromSensors)} a message in, ${micro(cost.toAnEdge)} out`,
    ],
    [
      "load balancers",
      `${count(balancers)} cores, or DNS`,
      `${count(CLIENTS / balancers)} connections, ${count(deliveries / balancers)} deliveries/s`,
      `${micro(cost.balanced)} a delivery`,
    ],
  ];
  return [
    `**Arithmetic**, not measured: ${count(CLIENTS)} clients with ${PER_CLIENT_PER_SECOND} readings/s each, ${count(READINGS_PER_SECOND)} readings/s in all, and`,
    `${percent(PLANNED_SHARE)} of each core planned for:`,
    "",
    markdown({ columns: ["part", "how many", "each carries", "because"], rows }),
  ].join("\n");
}

/** Down to two digits, as one plans. */
function rounded(value: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 10)) - 1);
  return Math.floor(value / step) * step;
}

function share(value = 0): string {
  return `${(100 * value).toFixed(1)} %`;
}

function micro(value: number): string {
  return `${value >= 20 ? Math.round(value) : value.toFixed(2)} µs`;
}
