import { ASN1Obj } from '@sigstore/core';

/** What we rely on in a TimeStampResp (RFC 3161 §2.4.2). */
export interface TimeStampResponse {
  /** PKIStatus: 0 granted, 1 granted with modifications, all else a refusal. */
  readonly status: number;
  /** The first bit that is set in PKIFailureInfo. */
  readonly failure: number | undefined;
  /** Undefined where nothing was stamped. */
  readonly token: TimeStampToken | undefined;
}

/** What we rely on in a TimeStampToken and its TSTInfo. Integers are bytes, as DER has them. */
export interface TimeStampToken {
  readonly hasCertificate: boolean;
  /** The object identifier in hex, as DER has it. */
  readonly hashAlgorithm: string;
  readonly hashedMessage: Buffer;
  readonly genTime: Date;
  readonly nonce: Buffer | undefined;
}

const signedData = '2a864886f70d010702'; // 1.2.840.113549.1.7.2, RFC 5652 §5.1
const tstInfo = '2a864886f70d0109100104'; // 1.2.840.113549.1.9.16.1.4, RFC 3161 §2.4.2

/**
 * Reads an answer. Anything else than a TimeStampResp in DER ends in an exception of any kind. Bounded for hostile bytes:
 * the parser stops at a depth of 100. Its `toInteger` and `toOID` are not used, for they take time that grows with the square
 * of a length which the other side chooses.
 */
export function parseTimeStampResponse(bytes: Uint8Array): TimeStampResponse {
  const response = sequence(ASN1Obj.parseBuffer(Buffer.from(bytes)));
  const [statusInfo, token] = response.subs;
  const [status, ...details] = sequence(statusInfo).subs;
  return {
    status: smallInteger(status),
    failure: firstBit(details.find(({ tag }) => tag.isBitString())),
    token: token === undefined ? undefined : parseToken(sequence(token)),
  };
}

// ContentInfo (RFC 5652 §3) with SignedData (§5.1) with TSTInfo in an OCTET STRING, whose content the parser has unwrapped.
function parseToken(contentInfo: ASN1Obj): TimeStampToken {
  const [type, content] = contentInfo.subs;
  if (objectId(type) !== signedData) throw new TypeError('not signed data');
  const [, , encapsulated, certificates] = sequence(explicit(content)).subs;
  const [contentType, octets] = sequence(encapsulated).subs;
  if (objectId(contentType) !== tstInfo) throw new TypeError('not a time stamp');
  const info = sequence(octetString(explicit(octets)).subs[0]);

  const [, , imprint, , genTime, ...optional] = info.subs;
  const [algorithm, hashedMessage] = sequence(imprint).subs;
  return {
    hasCertificate: certificates?.tag.isContextSpecific(0) === true && certificates.subs.length > 0,
    hashAlgorithm: objectId(sequence(algorithm).subs[0]),
    hashedMessage: octetString(hashedMessage).value,
    genTime: time(genTime),
    // Of what may follow, only the nonce is an integer of its own.
    nonce: optional.find(({ tag }) => tag.isInteger())?.value,
  };
}

function expected(object: ASN1Obj | undefined, is: (object: ASN1Obj) => boolean, what: string): ASN1Obj {
  if (object === undefined || !is(object)) throw new TypeError(`not ${what}`);
  return object;
}

function sequence(object: ASN1Obj | undefined): ASN1Obj {
  return expected(object, ({ tag }) => tag.isUniversal() && tag.constructed && tag.number === 0x10, 'a sequence');
}

/** What is inside `[0] EXPLICIT`. */
function explicit(object: ASN1Obj | undefined): ASN1Obj {
  const outer = expected(object, ({ tag, subs }) => tag.isContextSpecific(0) && subs.length === 1, 'tagged 0');
  return outer.subs[0]!;
}

function octetString(object: ASN1Obj | undefined): ASN1Obj {
  return expected(object, ({ tag }) => tag.isOctetString(), 'an octet string');
}

function objectId(object: ASN1Obj | undefined): string {
  return expected(object, ({ tag }) => tag.isOID(), 'an object identifier').value.toString('hex');
}

function smallInteger(object: ASN1Obj | undefined): number {
  const { value } = expected(object, ({ tag }) => tag.isInteger(), 'an integer');
  if (value.length !== 1) throw new RangeError('a status that does not exist');
  return value.readInt8();
}

function firstBit(object: ASN1Obj | undefined): number | undefined {
  // PKIFailureInfo ends with bit 26.
  if (object === undefined || object.value.length > 5) return undefined;
  const at = object.toBitString().indexOf(1);
  return at === -1 ? undefined : at;
}

// GeneralizedTime with seconds, and any number of digits after them (RFC 3161 §2.4.2).
function time(object: ASN1Obj | undefined): Date {
  const { value } = expected(object, ({ tag }) => tag.isGeneralizedTime(), 'a time');
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(value.toString('latin1'));
  if (found === null) throw new TypeError('not a time');
  const [, year, month, day, hour, minute, second, fraction = ''] = found;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const date = new Date(text);
  // The thirtieth of February is not the second of March.
  if (date.toISOString() !== text) throw new RangeError('not a time');
  return date;
}
