// What the package asks of its platform beyond the language: what Node and every browser have. Declared here because
// the package is compiled without the types of either.

/** https://encoding.spec.whatwg.org/#interface-textencoder */
export interface TextWriter {
  encode(text: string): Uint8Array;
}

/** https://encoding.spec.whatwg.org/#interface-textdecoder */
export interface TextReader {
  decode(bytes: Uint8Array): string;
}

declare const TextEncoder: new () => TextWriter;
declare const TextDecoder: new (
  label: 'utf-8',
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => TextReader;

/** Writes UTF-8. */
export const textWriter: TextWriter = new TextEncoder();

/** Reads UTF-8: throws where it is none, and a byte order mark is a character like others. */
export const textReader: TextReader = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes, on a platform that may write them in base64 (ECMAScript 2026). */
export interface Bytes extends Uint8Array {
  toBase64?(): string;
}

interface BytesConstructor {
  readonly BYTES_PER_ELEMENT: number;
  fromBase64?(text: string, options: { readonly lastChunkHandling: 'strict' }): Uint8Array;
}

/** The constructor of bytes, on a platform that may read them from base64 (ECMAScript 2026). */
export const bytesConstructor: BytesConstructor = Uint8Array;
