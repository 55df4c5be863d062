import { describeServer } from "./ws-broadcast-server-cases";

describeServer(0);
