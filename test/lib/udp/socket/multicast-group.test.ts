import assert from "node:assert/strict";
import { inEnglish } from "../../../../nodes/lib/text/sentence";
import { groupError } from "../../../../nodes/lib/udp/socket/multicast-group";

function errorOf(text: string): string {
  const accepted = groupError(text);
  return accepted === undefined ? "" : inEnglish(accepted);
}

describe("multicast group", () => {
  for (const good of ["224.0.0.1", "239.255.255.255", "ff02::fb", "FF3E::1@2001:db8::5", "232.1.2.3@10.0.0.5"]) {
    it(`may be ${good}`, () => assert.equal(groupError(good), undefined));
  }

  for (const bad of ["10.0.0.1", "240.0.0.1", "239.1.1.999", "fe80::1", "eth0", "", "232.1.2.3@10.0.0.5@10.0.0.6"]) {
    it(`may not be ${JSON.stringify(bad)}`, () => assert.match(errorOf(bad), /^multicast addresses/));
  }

  for (const bad of ["232.1.2.3@", "232.1.2.3@232.1.2.4", "232.1.2.3@::1", "ff3e::1@10.0.0.5", "232.1.2.3@host"]) {
    it(`may not have the source of ${bad}`, () => assert.match(errorOf(bad), /the address of its source/));
  }
});
