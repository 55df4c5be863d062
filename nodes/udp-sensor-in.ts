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
    const status = new RateStatus((shown) => this.status(shown), systemClock);
    const failures = new FailureReports(
      { show: ({ brief }) => status.failed(brief), report: ({ message, code }) => this.error(message, { code }) },
      systemClock,
    );
    this.on("close", () => {
      status.stop();
      failures.stop();
    });
    try {
      listen(this, parseConfig(fields, def), status, failures);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      failures.add({ message: error.message, brief: `bad ${error.property}`, code: error.code });
    }
  }

  function listen(node: Node, config: UdpSensorInConfig, status: RateStatus, failures: FailureReports): void {
    const rejectLog = new RejectLog((line) => node.warn(line), systemClock);
    const listener = new Listener(
      config,
      {
        reading: (message) => node.send(message),
        rejected(message) {
          status.rejected();
          rejectLog.add(message);
          if (config.rejects) node.send([null, { ...message }]);
        },
        failed: (error) => node.error(`a message could not be sent: ${String(error)}`, {}),
      },
      systemClock,
    );
    const hold = pool.hold(config, {
      datagram(bytes, sender) {
        status.datagram(sender.address);
        listener.datagram(bytes, sender);
      },
      bound() {
        failures.clear();
        status.listening(config.port);
      },
      failed: (failure) => failures.add(failure),
    });
    node.on("close", (done: () => void) => {
      rejectLog.stop();
      hold.release().then(done, done);
    });
  }
  RED.nodes.registerType("udp-sensor-in", construct);
};
