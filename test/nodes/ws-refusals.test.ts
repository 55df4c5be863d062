import { describeRefusals } from "./ws-refusals-cases";

describeRefusals(0);
