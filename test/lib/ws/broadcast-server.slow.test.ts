import { describeBroadcastServer } from "./broadcast-server-cases";

describeBroadcastServer(2);
