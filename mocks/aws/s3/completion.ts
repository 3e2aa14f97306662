import { childText, readXml } from '../wire/read-xml.ts';
import { malformedXml, s3Error } from './answers.ts';
import { isPartSum } from './checksums.ts';
import type { MultipartUpload, UploadedPart } from './store.ts';

/** S3 user guide, "Amazon S3 multipart upload limits", read November 2026: bytes of each part but the last. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** A part as a completion names it. */
interface NamedPart {
  readonly number: number;
  /** Without quotation marks. */
  readonly etag: string;
  /** Check sums by their elements, e.g. `ChecksumCRC32`. */
  readonly sums: readonly (readonly [element: string, sum: string])[];
}

/** Parts in the order in which they are named. @throws {AwsError} `MalformedXML`, `InvalidPartOrder` */
const namedParts = (content: Uint8Array): readonly NamedPart[] => {
  const root = readXml(new TextDecoder().decode(content));
  const rows = root?.name === 'CompleteMultipartUpload' ? root.children.filter(({ name }) => name === 'Part') : [];
  const parts = rows.map((row) => ({
    number: Number(childText(row, 'PartNumber')?.trim() || Number.NaN),
    etag: (childText(row, 'ETag') ?? '').trim().replaceAll('"', ''),
    sums: row.children.filter(({ name }) => name.startsWith('Checksum')).map(({ name, text }) => [name, text.trim()] as const),
  }));
  if (parts.length === 0 || parts.some(({ number, etag }) => !Number.isInteger(number) || etag === '')) throw malformedXml();
  if (parts.some(({ number }, index) => index > 0 && number <= (parts[index - 1]?.number ?? 0))) {
    throw s3Error(
      'InvalidPartOrder',
      400,
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
    );
  }
  return parts;
};

/**
 * What a completion has of a part must be so, its check sums too: a wrong one is answered as a wrong tag is (integration tests of
 * versity/versitygw, read November 2026). A sum of another algorithm than the part came with is held to the part's bytes all the same: ours.
 * @throws {AwsError} `InvalidPart`, `EntityTooSmall`
 */
export const chosenParts = ({ uploadId, parts }: MultipartUpload, content: Uint8Array): readonly UploadedPart[] => {
  const named = namedParts(content);
  return named.map(({ number, etag, sums }, index) => {
    const part = parts.get(number);
    const isNamed =
      part?.etag.replaceAll('"', '') === etag && sums.every(([element, sum]) => isPartSum(element, sum, part.bytes));
    if (!part || !isNamed) {
      throw s3Error(
        'InvalidPart',
        400,
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { UploadId: uploadId, PartNumber: number, ETag: etag },
      );
    }
    if (part.bytes.length < MIN_PART_BYTES && index < named.length - 1) {
      throw s3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
        ProposedSize: part.bytes.length,
        MinSizeAllowed: MIN_PART_BYTES,
        PartNumber: number,
        ETag: etag,
      });
    }
    return part;
  });
};
