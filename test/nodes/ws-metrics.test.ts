import { describeMetrics } from "./ws-metrics-cases";

describeMetrics(0);
