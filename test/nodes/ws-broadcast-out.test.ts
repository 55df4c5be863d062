import { describeOut } from "./ws-broadcast-out-cases";

describeOut(0);
