import access from "../../locales/en-US/messages/access.json";
import admission from "../../locales/en-US/messages/admission.json";
import broadcast from "../../locales/en-US/messages/broadcast.json";
import cockpit from "../../locales/en-US/messages/cockpit.json";
import config from "../../locales/en-US/messages/config.json";
import decode from "../../locales/en-US/messages/decode.json";
import endpoint from "../../locales/en-US/messages/endpoint.json";
import guards from "../../locales/en-US/messages/guards.json";
import installation from "../../locales/en-US/messages/installation.json";
import mqtt from "../../locales/en-US/messages/mqtt.json";
import net from "../../locales/en-US/messages/net.json";
import publish from "../../locales/en-US/messages/publish.json";
import senders from "../../locales/en-US/messages/senders.json";
import sidebar from "../../locales/en-US/messages/sidebar.json";
import socket from "../../locales/en-US/messages/socket.json";
import udp from "../../locales/en-US/messages/udp.json";

/** Every sentence that the library can say to a user, in English; one file a room. The build gives them to Node-RED. */
export const CATALOGUE = {
  access,
  admission,
  broadcast,
  cockpit,
  config,
  decode,
  endpoint,
  guards,
  installation,
  mqtt,
  net,
  publish,
  sidebar,
  senders,
  socket,
  udp,
} as const;
