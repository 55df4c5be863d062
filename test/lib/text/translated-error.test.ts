import { deepEqual, equal } from "node:assert/strict";
import { remembering } from "../../../nodes/lib/text/remembering";
import { sentence, type Translate } from "../../../nodes/lib/text/sentence";
import { TranslatedError } from "../../../nodes/lib/text/translated-error";
import { PublishError } from "../../../nodes/lib/ws/output/publisher";

describe("errors in the user's language", () => {
  let asked: string[];
  const translate: Translate = (key, { client }) => {
    asked.push(`${key} ${client}`);
    return `${client} ist fort`;
  };
  const gone = (client: string): PublishError => new PublishError(sentence("publish.no-client", { client }));

  beforeEach(() => {
    asked = [];
  });

  it("are translated when they are read, and show nothing but their sentence", () => {
    const error = new TranslatedError(gone("a"), translate);
    deepEqual(asked, []);
    equal(String(error), "a ist fort");
    deepEqual([error.code, Object.hasOwn(error, "code")], ["NOT_SENT", true]);
  });

  it("are not translated again as long as they say the same", () => {
    const remembered = remembering(translate);
    const texts = ["a", "b", "a", "b"].map((client) => new TranslatedError(gone(client), remembered).message);
    deepEqual(texts, ["a ist fort", "b ist fort", "a ist fort", "b ist fort"]);
    deepEqual(asked, ["messages.publish.no-client a", "messages.publish.no-client b"]);
  });

  it("do not fill the memory when all say something else", () => {
    const remembered = remembering(translate);
    for (let client = 0; client < 1000; client++) remembered("messages.publish.no-client", { client });
    equal(asked.length, 1000);
    remembered("messages.publish.no-client", { client: 0 });
    equal(asked.length, 1001);
  });
});
