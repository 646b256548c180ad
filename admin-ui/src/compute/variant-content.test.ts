/** What is typed for a variant becomes what is sent, and nothing else does. */
import { expect, test } from "vitest";
import { contentDraftOf, contentOf, contentsOf, contentText, isSameContent, NO_CONTENT } from "./variant-content.ts";

const typed = (part: Partial<typeof NO_CONTENT>) => ({ ...NO_CONTENT, ...part });

test("only what was written is sent", () => {
  expect(contentOf(typed({ headline: " MEET THE\r\n  MUSES ", palette: "aurora" }))).toEqual({
    headline: "MEET THE\nMUSES",
    palette: "aurora",
  });
  expect(contentDraftOf(contentOf(typed({ ctaPrimary: "Go" })))).toEqual(typed({ ctaPrimary: "Go", isShown: true }));
});

test("a look needs no entry, any other variant needs one to be shown", () => {
  const row = (name: string, content?: typeof NO_CONTENT) => ({ row: 0, name, percent: "1", content });
  expect(contentsOf([row("neon"), row("muses")])).toEqual({});
  expect(contentsOf([row("neon", typed({ subtitle: "x" })), row(" muses ", typed({ isShown: true }))])).toEqual({
    neon: { subtitle: "x" },
    muses: {},
  });
});

test("nothing written for a look is no change", () => {
  expect(isSameContent({ neon: {} }, {})).toBe(true);
  expect(isSameContent({ muses: {} }, {})).toBe(false);
  expect(isSameContent({ a: { headline: "x", palette: "neon" } }, { a: { palette: "neon", headline: "x" } })).toBe(
    true,
  );
  expect(contentText({ a: { headline: "x\ny" }, b: {} })).toBe("a: “x / y”; b: the palette's own words");
});
