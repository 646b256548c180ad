/** Event ids: UUID version 7 (RFC 9562), made in the page so that a repeated delivery can be recognised. */

let lastMillisecond = 0;
let sequence = 0;

/**
 * A new id. Ids of one page are strictly ordered: within a millisecond the twelve bits after the version count up from a
 * random start, and when they run over, the clock is taken to be one millisecond further.
 */
export function uuidV7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  if (now > lastMillisecond) {
    lastMillisecond = now;
    // Only the lower half: room to count upwards.
    sequence = (((bytes[6] ?? 0) & 0x07) << 8) | (bytes[7] ?? 0);
  } else {
    sequence += 1;
    if (sequence > 0xfff) {
      sequence = 0;
      lastMillisecond += 1;
    }
  }
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(lastMillisecond / 2 ** 32));
  view.setUint32(2, lastMillisecond % 2 ** 32);
  view.setUint16(6, 0x7000 | sequence);
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
