import { describeReports } from "./ws-reports-cases";

describeReports(0);
