import config from "../../locales/en-US/messages/config.json";

/** Every sentence that the library can say to a user, in English; one file a room. The build gives them to Node-RED. */
export const CATALOGUE = { config } as const;
