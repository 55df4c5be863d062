import { describeAccess } from "./access-cases";

describeAccess(0);
