// Loaded before node-red-dev: what it asks of npm's registry and of Node-RED's catalogue, it asks of the one that tests run,
// since it takes no address for either.
const Module = require("node:module");

const { SCORECARD_REGISTRY, SCORECARD_CATALOGUE } = process.env;
const load = Module._load;

Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  return request === "axios" ? { ...loaded, get: (url) => loaded.get(elsewhere(url)) } : loaded;
};

function elsewhere(url) {
  const { pathname } = new URL(url);
  return pathname === "/catalogue.json" ? SCORECARD_CATALOGUE : new URL(pathname, SCORECARD_REGISTRY).href;
}
