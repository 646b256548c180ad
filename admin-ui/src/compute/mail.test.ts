import { expect, test } from "vitest";
import { mailTo } from "./mail.ts";

test("an address stays an address, whatever it holds", () => {
  expect(mailTo("daphne@example.com")).toBe("mailto:daphne@example.com");
  expect(mailTo("a?bcc=b&c%40@example.com")).toBe("mailto:a%3Fbcc%3Db%26c%2540@example.com");
});
