import config from "../../locales/en-US/messages/config.json";
import publish from "../../locales/en-US/messages/publish.json";

/** Every sentence that the library can say to a user, in English; one file a room. The build gives them to Node-RED. */
export const CATALOGUE = { config, publish } as const;
