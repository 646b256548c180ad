import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { faultOf, isAddress, length } from "./rules";

interface Addresses {
  accepted: string[];
  refused: string[];
}

/** The very file against which the server's rule is tested. */
const FILE = join(import.meta.dirname, "../../../../crates/common/src/contract/addresses.json");
const addresses = JSON.parse(readFileSync(FILE, "utf8")) as Addresses;

describe("an address", () => {
  test.each(addresses.accepted)("is accepted: %j", (email) => expect(isAddress(email)).toBe(true));
  test.each(addresses.refused)("is refused: %j", (email) => {
    expect(isAddress(email) && length(email) <= 254).toBe(false);
  });
});

test("blanks around what was typed are nobody's fault", () => {
  expect(faultOf("email", " daphne@example.com ", 254)).toBeNull();
  expect(faultOf("email", "  ", 254)).toBe("missing");
  expect(faultOf("company", "  ", 200)).toBeNull();
});

test("only a message has more than one line, and no field has what cannot be seen", () => {
  expect(faultOf("message", "first\r\n\tsecond", 2000)).toBeNull();
  expect(faultOf("company", "first\nsecond", 200)).toBe("odd");
  for (const odd of ["a\u0000b", "a\u001bb", "a\u0085b", "a\u007fb"]) {
    expect(faultOf("message", odd, 2000), odd).toBe("odd");
    expect(faultOf("company", odd, 2000), odd).toBe("odd");
  }
});

test("lengths count characters, as the server does", () => {
  expect(faultOf("company", "🏛".repeat(200), 200)).toBeNull();
  expect(faultOf("company", "🏛".repeat(201), 200)).toBe("long");
  expect(faultOf("email", `${"a".repeat(250)}@example.com`, 254)).toBe("long");
});
