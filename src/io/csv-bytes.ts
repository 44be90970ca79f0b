/**
 * Text as UTF-8 bytes without a byte order mark. UTF-8 is read strictly; UTF-16 is known by its byte order mark; another
 * encoding must be named.
 */
import { DataError, ioMessages } from "../messages.js";

/**
 * @param encoding a WHATWG encoding label, such as "windows-1252" or "latin1"; default UTF-8 (or UTF-16 by its mark)
 * @throws DataError for NUL bytes (not text) and for an unknown encoding
 * @example utf8Bytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)) // => Uint8Array [0x61]
 */
export function utf8Bytes(source: string | Uint8Array, encoding?: string): Uint8Array {
  if (typeof source === "string") {
    const text = source.startsWith("\ufeff") ? source.slice(1) : source;
    return withoutNul(new TextEncoder().encode(text));
  }
  const decoder = encoding === undefined ? null : decoderFor(encoding);
  // UTF-8 is read strictly also where it is named.
  if (decoder !== null && decoder.encoding !== "utf-8") return withoutNul(new TextEncoder().encode(decoder.decode(source)));
  if (source[0] === 0xff && source[1] === 0xfe) return transcoded(source, "utf-16le");
  if (source[0] === 0xfe && source[1] === 0xff) return transcoded(swapped(source), "utf-16le");
  const mark = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0;
  // A plain view of what may be a Node Buffer: loops that see one type of array only stay fast.
  return withoutNul(new Uint8Array(source.buffer, source.byteOffset + mark, source.length - mark));
}

/** The number of the line (from 1) that byte `offset` stands in. */
export function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i++) {
    if (bytes[i] === 10 || (bytes[i] === 13 && bytes[i + 1] !== 10)) line++;
  }
  return line;
}

/**
 * Bytes as text.
 *
 * @param place where the bytes stand in the file, if `bytes` is not the file
 * @throws DataError where they are not UTF-8, with the line
 */
export function decodeUtf8(
  bytes: Uint8Array,
  start: number,
  end: number,
  place: () => { readonly bytes: Uint8Array; readonly at: number } = () => ({ bytes, at: start }),
): string {
  if (end - start <= 12) {
    let text = "";
    let i = start;
    for (; i < end && bytes[i]! < 128; i++) text += String.fromCharCode(bytes[i]!);
    if (i === end) return text;
  }
  try {
    return strict.decode(bytes.subarray(start, end));
  } catch {
    const file = place();
    throw new DataError(ioMessages.notUtf8(lineAt(file.bytes, file.at)));
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function withoutNul(bytes: Uint8Array): Uint8Array {
  const at = bytes.indexOf(0);
  if (at >= 0) throw new DataError(ioMessages.notText(lineAt(bytes, at)));
  return bytes;
}

function transcoded(source: Uint8Array, encoding: string): Uint8Array {
  try {
    return withoutNul(new TextEncoder().encode(new TextDecoder(encoding, { fatal: true }).decode(source)));
  } catch (error) {
    throw error instanceof DataError ? error : new DataError(ioMessages.notUtf16());
  }
}

function swapped(source: Uint8Array): Uint8Array {
  const result = new Uint8Array(source.length - (source.length % 2));
  for (let i = 0; i < result.length; i += 2) {
    result[i] = source[i + 1]!;
    result[i + 1] = source[i]!;
  }
  return result;
}

function decoderFor(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new DataError(ioMessages.unknownEncoding(encoding));
  }
}
