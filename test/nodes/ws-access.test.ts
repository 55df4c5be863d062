import { describeAccess } from "./ws-access-cases";

describeAccess(0);
