import { type ServerChanges, type ServerCredentials, server } from "../support/ws-flow";

/** Makes a server of a flow, like `server` of `ws-flow.ts`. */
type MakeServer = (id: string, changes?: ServerChanges, credentials?: ServerCredentials) => ReturnType<typeof server>;

/** A suite that can be run with so many sender processes for each server; with 0, Node-RED itself serves the clients. */
export function serverSuite(title: string, define: (server: MakeServer) => void): (senders: number) => void {
  return (senders) => {
    describe(senders === 0 ? title : `${title}, with sender processes`, () => {
      define((id, changes, credentials) => server(id, { senders: String(senders), ...changes }, credentials));
    });
  };
}
