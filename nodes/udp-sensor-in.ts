import type { Node, NodeAPI, NodeDef } from "node-red";
import { systemClock } from "./lib/clock";
import { ConfigError, parseConfig, type SavedConfig } from "./lib/config/fields";
import { FailureReports } from "./lib/udp/failure-reports";
import { Listener } from "./lib/udp/listener";
import { RateStatus } from "./lib/udp/rate-status";
import { RejectLog } from "./lib/udp/reject-log";
import { SocketPool } from "./lib/udp/socket-pool";
import { fields, type UdpSensorInConfig } from "./udp-sensor-in.config";

export default (RED: NodeAPI): void => {
  const pool = new SocketPool();

  function construct(this: Node, def: NodeDef & SavedConfig<typeof fields>): void {
    RED.nodes.createNode(this, def);
    try {
      listen(this, parseConfig(fields, def), pool);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.status({ fill: "red", shape: "dot", text: `bad ${error.property}` });
      this.error(error.message, { code: error.code });
    }
  }
  RED.nodes.registerType("udp-sensor-in", construct);
};

function listen(node: Node, config: UdpSensorInConfig, pool: SocketPool): void {
  const status = new RateStatus((shown) => node.status(shown), systemClock);
  const rejectLog = new RejectLog((line) => node.warn(line), systemClock);
  const failures = new FailureReports(({ message, code }) => node.error(message, { code }));
  const listener = new Listener(
    config,
    {
      reading: (message) => node.send({ ...message }),
      rejected(message) {
        status.rejected();
        rejectLog.add(message);
        if (config.rejects) node.send([null, { ...message }]);
      },
      failed: (error) => node.error(`a reading could not be sent: ${String(error)}`, {}),
    },
    systemClock,
  );
  const release = pool.hold(config, {
    datagram(bytes, sender) {
      status.datagram(sender.address);
      listener.datagram(bytes, sender);
    },
    bound() {
      failures.clear();
      status.listening(config.port);
    },
    failed(failure) {
      failures.add(failure);
      status.failed(failure.brief);
    },
  });
  node.on("close", (done: () => void) => {
    status.stop();
    rejectLog.stop();
    release().then(done, done);
  });
}
