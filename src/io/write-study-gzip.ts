/**
 * Compression that gives the same bytes for the same file: gzip's header has room for a time and for the operating system, and both
 * are left at nothing (RFC 1952: time 0, system 255 for unknown).
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** Where in the header the operating system stands, and what stands for none. */
const SYSTEM_BYTE = 9;
const UNKNOWN_SYSTEM = 255;

/** Size and SHA-256 of the compressed file. */
export interface Compressed {
  readonly bytes: number;
  readonly sha256: string;
}

export async function compressFile(from: string, to: string): Promise<Compressed> {
  const hash = createHash("sha256");
  let bytes = 0;
  const header = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // The header is ten bytes and comes in the first chunk.
      if (bytes <= SYSTEM_BYTE && bytes + chunk.length > SYSTEM_BYTE) chunk[SYSTEM_BYTE - bytes] = UNKNOWN_SYSTEM;
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(from), createGzip({ level: 9 }), header, createWriteStream(to));
  return { bytes, sha256: hash.digest("hex") };
}
