/** Who sent a datagram. An IPv4 sender has its IPv4 address, whatever the family of the socket. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}
