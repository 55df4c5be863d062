import { isLoopback } from "../../net/ip-address";
import { type Sentence, sentence } from "../../text/sentence";
import { parseGroup } from "../socket/multicast-group";

interface Listening {
  readonly address: string;
  readonly port: number;
  readonly groups: readonly string[];
}

const MAX_CHARS = 20;

/** Where a node listens, in words that fit a status. @param joinedOn name of the interface of its groups, if that is known */
export function listeningBriefly({ address, port, groups }: Listening, joinedOn?: string): Sentence {
  const [first] = groups;
  if (first === undefined) return sentence(isLoopback(address) ? "udp.status-local" : "udp.status-listening", { port });
  const group = parseGroup(first).address;
  const room = MAX_CHARS - " ".length - (joinedOn ?? "").length;
  if (joinedOn === undefined || room < 1) return sentence("udp.status-joined", { group: endOf(group, MAX_CHARS) });
  return sentence("udp.status-joined-on", { group: endOf(group, room), interface: joinedOn });
}

/** The end of an address is where those of one network differ. */
export function endOf(address: string, room: number): string {
  return address.length > room ? `…${address.slice(1 - room)}` : address;
}
