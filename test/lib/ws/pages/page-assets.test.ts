import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageAssets } from "../../../../nodes/lib/ws/pages/page-assets";
import { BroadcastHarness } from "../../../support/broadcast-harness";

const FILES = { "client.js": "export const client = 1;", "page.html": "<!doctype html>", "secret.txt": "secret" };

/** Asks for a path as it is written: `fetch` would tidy it up. */
async function statusOf(port: number, path: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    request({ port, host: "127.0.0.1", path }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

describe("page assets", () => {
  let directory: string;
  let server: BroadcastHarness;
  const start = async (livePage: boolean): Promise<void> => {
    server = await BroadcastHarness.start({ assets: pageAssets({ directory, livePage }) });
  };
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    fetch(server.webUrl(path), { method, headers, redirect: "manual" });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "sensorcast-assets-"));
    for (const [file, text] of Object.entries(FILES)) await writeFile(join(directory, file), text);
  });
  after(() => rm(directory, { recursive: true, force: true }));
  afterEach(() => server.stop());

  it("are sent with their type, to pages of any host", async () => {
    await start(true);
    const answer = await get("/client.js");
    assert.equal(answer.headers.get("content-type"), "text/javascript; charset=utf-8");
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.equal(await answer.text(), FILES["client.js"]);
  });

  it("are not sent again to who has them, whatever the encoding", async () => {
    await start(true);
    for (const encoding of ["identity", "gzip"]) {
      const first = await get("/client.js", { "Accept-Encoding": encoding });
      await first.arrayBuffer();
      assert.equal(first.headers.get("content-encoding"), encoding === "gzip" ? "gzip" : null);
      const tag = first.headers.get("etag") ?? "";
      const again = await get("/client.js", { "Accept-Encoding": encoding, "If-None-Match": `"other", W/${tag}` });
      assert.deepEqual([again.status, again.headers.get("etag"), await again.text()], [304, tag, ""]);
    }
  });

  it("answer HEAD with the headers alone", async () => {
    await start(true);
    const answer = await get("/client.js", { "Accept-Encoding": "identity" }, "HEAD");
    assert.deepEqual([answer.headers.get("content-length"), await answer.text()], ["24", ""]);
  });

  it("come with a policy that lets the live page load nothing of others, and run nothing inline", async () => {
    await start(true);
    const answer = await get("/");
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /^default-src 'none'; script-src 'self';/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
  });

  it("send a browser that forgot the slash to the live page, by a path that also a proxy's prefix leaves right", async () => {
    await start(true);
    const answer = await get("?topic=a", { Accept: "text/html,*/*" });
    assert.deepEqual([answer.status, answer.headers.get("location")], [302, "ws/?topic=a"]);
  });

  it("are only those: no path leads elsewhere", async () => {
    await start(true);
    const paths = [
      "/secret.txt",
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fclient.js",
      "/client.js/",
      "//client.js",
    ];
    for (const path of [...paths, "/constructor", "/__proto__", "/page.js", "/client.js%00"]) {
      assert.equal(await statusOf(server.port, `/ws${path}`), 404, path);
    }
  });

  it("have no live page when it is switched off, but the scripts", async () => {
    await start(false);
    assert.equal((await get("/")).status, 404);
    assert.equal((await get("", { Accept: "text/html" })).status, 426);
    assert.equal((await get("/client.js")).status, 200);
  });

  it("answer nothing but GET and HEAD", async () => {
    await start(true);
    assert.equal((await get("/client.js", {}, "POST")).status, 404);
  });
});
