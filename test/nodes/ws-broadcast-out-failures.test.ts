import { describeStatus, describeUnsendable } from "./ws-broadcast-out-failures-cases";

describeUnsendable(0);
describeStatus(0);
