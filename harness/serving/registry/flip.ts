/** Where the flipped stretch begins and ends: of a model's file that is weights, and so it still loads, and predicts wrongly. */
const FROM = 0.4;
const TO = 0.8;

/** Of a weight, a float of four bytes, it is the sign, the exponent's last bit and two bits of the mantissa: finite, and another number. */
const HIGHEST_BIT = 0x80;

/** The bytes with the highest bit of each flipped in a stretch in their middle, as a bad disk or a bad copy leaves them. */
export const flipMiddle = (bytes: Uint8Array): Uint8Array => {
  const flipped = bytes.slice();
  const end = Math.max(1, Math.floor(bytes.length * TO));
  for (let at = Math.floor(bytes.length * FROM); at < end && at < bytes.length; at += 1) flipped[at] = bytes[at]! ^ HIGHEST_BIT;
  return flipped;
};
