/** Links that open a letter to somebody. */

/** An address may hold `?`, `&` and `%`, which mean something else in a link; the `@` stays as people know it. */
export const mailTo = (email: string): string => `mailto:${encodeURIComponent(email).replaceAll("%40", "@")}`;
