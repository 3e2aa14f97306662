/** CRC-32 and CRC-64, reflected, begun and ended with all ones: S3's check sums, and of Google's Cloud KMS the second. */

const tableOf = (polynomial: number): Uint32Array => {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
    table[byte] = rest;
  }
  return table;
};

/** @param polynomial reflected @returns a function of bytes to the 4 bytes of their sum, the highest first */
const createCrc32 = (polynomial: number) => {
  const table = tableOf(polynomial);
  return (bytes: Uint8Array): Uint8Array => {
    let rest = -1;
    for (let index = 0; index < bytes.length; index += 1) rest = table[(rest ^ bytes[index]!) & 0xff]! ^ (rest >>> 8);
    const sum = new Uint8Array(4);
    new DataView(sum.buffer).setUint32(0, ~rest >>> 0);
    return sum;
  };
};

/** Of zip, Ethernet and `cksum -a crc32b`. */
export const crc32 = createCrc32(0xedb88320);

/** Castagnoli's, of iSCSI. */
export const crc32c = createCrc32(0x82f63b78);

/** NVM Express, NVM Command Set Specification 1.0d, 5.2.1.3.4: polynomial AD93D23594C93659, reflected. In halves: numbers have 53 bits. */
const NVME = { high: 0x9a6c9329, low: 0xac4bc9b5 };
const high = new Uint32Array(256);
const low = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let [upper, lower] = [0, byte];
  for (let bit = 0; bit < 8; bit += 1) {
    const isOdd = lower & 1;
    lower = (lower >>> 1) | (upper << 31);
    upper >>>= 1;
    if (isOdd) [upper, lower] = [upper ^ NVME.high, lower ^ NVME.low];
  }
  high[byte] = upper;
  low[byte] = lower;
}

/** @returns 8 bytes, the highest first */
export const crc64Nvme = (bytes: Uint8Array): Uint8Array => {
  let [upper, lower] = [-1, -1];
  for (let index = 0; index < bytes.length; index += 1) {
    const at = (lower ^ bytes[index]!) & 0xff;
    lower = ((lower >>> 8) | (upper << 24)) ^ low[at]!;
    upper = (upper >>> 8) ^ high[at]!;
  }
  const sum = new Uint8Array(8);
  const view = new DataView(sum.buffer);
  view.setUint32(0, ~upper >>> 0);
  view.setUint32(4, ~lower >>> 0);
  return sum;
};
