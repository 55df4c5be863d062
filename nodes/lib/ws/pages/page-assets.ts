import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { join } from "node:path";
import type { HandleRequest } from "../endpoint/http-handler";
import { Asset } from "./asset";

/**
 * The live page may load and connect to what this server has, and nothing else. Texts of sensors can't become HTML in it,
 * not even by mistake.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const PAGE: OutgoingHttpHeaders = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": PAGE_POLICY,
  "Referrer-Policy": "no-referrer",
};
/** Also for pages of other hosts: they hold nothing that is secret. */
const SCRIPT: OutgoingHttpHeaders = {
  "Content-Type": "text/javascript; charset=utf-8",
  "Access-Control-Allow-Origin": "*",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

interface Served {
  readonly file: string;
  readonly headers: OutgoingHttpHeaders;
}

/** By what follows the path of the server. */
const SCRIPTS: Readonly<Record<string, Served>> = {
  "/client.js": { file: "client.js", headers: SCRIPT },
  "/elements.js": { file: "elements.js", headers: SCRIPT },
};
const LIVE_PAGE: Readonly<Record<string, Served>> = {
  "/": { file: "page.html", headers: PAGE },
  "/page.js": { file: "page.js", headers: { "Content-Type": "text/javascript; charset=utf-8" } },
  "/page.css": { file: "page.css", headers: { "Content-Type": "text/css; charset=utf-8" } },
  "/icon.svg": { file: "icon.svg", headers: { "Content-Type": "image/svg+xml" } },
};

/** Seen from where this file is built to. */
const BUILT = join(__dirname, "../../../client");

export interface PageAssetsOptions {
  /** Where the built files are. Default: where the build puts them. */
  readonly directory?: string;
  readonly livePage: boolean;
}

/** Gives out the live page at `<path>/`, and `client.js` and `elements.js`. Each file is read when it is first asked for. */
export function pageAssets({ directory = BUILT, livePage }: PageAssetsOptions): HandleRequest {
  const served = new Map(Object.entries(livePage ? { ...SCRIPTS, ...LIVE_PAGE } : SCRIPTS));
  const assets = new Map<string, Asset | undefined>();

  const assetAt = (path: string): Asset | undefined => {
    const found = served.get(path);
    if (found !== undefined && !assets.has(path)) assets.set(path, read(join(directory, found.file), found.headers));
    return assets.get(path);
  };

  return (request, response, path) => {
    if (livePage && path === "" && isNavigation(request)) {
      sendToSlash(request, response);
      return true;
    }
    const asset = assetAt(path);
    asset?.send(request, response);
    return asset !== undefined;
  };
}

/** A file that can't be read, as when the sources run without a build, is not offered: it must not end Node-RED. */
function read(file: string, headers: OutgoingHttpHeaders): Asset | undefined {
  try {
    return new Asset(file, headers);
  } catch {
    return undefined;
  }
}

function isNavigation({ headers }: IncomingMessage): boolean {
  return String(headers.accept ?? "").includes("text/html");
}

/** From `/ws` to `/ws/`, as seen from wherever a proxy has put it. */
function sendToSlash({ url = "/" }: IncomingMessage, response: ServerResponse): void {
  const [path = "", query] = url.split("?", 2);
  const location = `${path.split("/").at(-1)}/${query === undefined ? "" : `?${query}`}`;
  response.writeHead(302, { Location: location, "Cache-Control": "no-store", "Content-Length": 0 });
  response.end();
}
