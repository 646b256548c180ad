/** The audit trail in words. */
import { expect, test } from "vitest";
import type { AuditEntry } from "../api/audit.ts";
import { byWhom, canRevert, changesOf, deed } from "./words.ts";

const ENTRY: AuditEntry = {
  id: 7,
  at: "2026-01-02T03:04:05Z",
  actor: "admin",
  action: "changed",
  subject: "toggle",
  subject_id: "1",
  subject_name: "Greek rain",
  before: { id: "1", name: "Greek rain", enabled: true, config: { speed: 1 } },
  after: { id: "1", name: "Greek rain", enabled: false, config: { speed: 1 } },
  hash: "00",
};

test("an entry reads as a deed", () => {
  expect(deed(ENTRY)).toBe("changed the toggle “Greek rain”");
  expect(deed({ ...ENTRY, action: "reverted" })).toBe("took back a change of the toggle “Greek rain”");
  expect(deed({ ...ENTRY, action: "erased", subject: "visitor", subject_name: null })).toBe("erased a visitor");
  expect([byWhom(ENTRY), byWhom({ ...ENTRY, actor: "system" })]).toEqual(["admin", "By itself"]);
});

test("only what differs is told, and everything of what is new or gone", () => {
  expect(changesOf(ENTRY)).toEqual([{ field: "enabled", before: "true", after: "false" }]);
  const created = changesOf({ ...ENTRY, before: null });
  expect(created.map(({ field, before }) => [field, before])).toEqual([
    ["name", null],
    ["enabled", null],
    ["config", null],
  ]);
  expect(changesOf({ ...ENTRY, before: { description: "a".repeat(1000) }, after: {} })[0]?.before).toHaveLength(401);
});

test("what was not there before cannot be taken back", () => {
  expect([canRevert(ENTRY), canRevert({ ...ENTRY, before: null })]).toEqual([true, false]);
});
