/** Where the flipped stretch begins and ends: of a model's file that is weights, and so it still loads, and predicts wrongly. */
const FROM = 0.4;
const TO = 0.8;

/** The bytes with every bit flipped in a stretch in their middle, as a bad disk or a bad copy leaves them. */
export const flipMiddle = (bytes: Uint8Array): Uint8Array => {
  const flipped = bytes.slice();
  const end = Math.max(1, Math.floor(bytes.length * TO));
  for (let at = Math.floor(bytes.length * FROM); at < end && at < bytes.length; at += 1) flipped[at] = ~bytes[at]! & 0xff;
  return flipped;
};
