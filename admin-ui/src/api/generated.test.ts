// @vitest-environment node
/** The generated types equal the services' documents: when this fails, run `npm run generate`. */
import { readFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

test.each(["abtest", "metrics", "landing"])("the types of %s are current", async (service) => {
  const document = new URL(`../../../${service}/openapi.json`, import.meta.url);
  const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
  const onFile = await readFile(new URL(`./generated/${service}.ts`, import.meta.url), "utf8");
  expect(onFile).toBe(`${COMMENT_HEADER}${types}`);
});
