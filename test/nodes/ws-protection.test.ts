import { describeProtection } from "./ws-protection-cases";

describeProtection(0);
