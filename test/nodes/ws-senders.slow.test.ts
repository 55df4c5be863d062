import { describeAccess } from "./ws-access-cases";
import { describeOut } from "./ws-broadcast-out-cases";
import { describeStatus, describeUnsendable } from "./ws-broadcast-out-failures-cases";
import { describeServer } from "./ws-broadcast-server-cases";
import { describeMetrics } from "./ws-metrics-cases";
import { describeProtection } from "./ws-protection-cases";
import { describeRefusals } from "./ws-refusals-cases";
import { describeReports } from "./ws-reports-cases";

const SUITES = [
  describeAccess,
  describeMetrics,
  describeOut,
  describeProtection,
  describeRefusals,
  describeReports,
  describeServer,
  describeStatus,
  describeUnsendable,
];

for (const describeServers of SUITES) describeServers(1);
