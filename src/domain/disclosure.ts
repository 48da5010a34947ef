import { canonicalJson, type Json } from '@countersign/ledger';

/** What opens one concealed value of a record: whoever holds it can check the digest, whoever does not learns nothing. */
export interface Disclosure {
  readonly digest: string;
  /** Random, 128 bits as hex: without it short values could be guessed from their digests. */
  readonly salt: string;
  readonly value: Json;
}

/** SHA-256 of UTF-8 text or bytes, as lower-case hex. */
export type Sha256 = (data: string) => string;

/** The digest under which a record holds a value it does not show: SHA-256 over the canonical `[salt, value]`. */
export function disclosureDigest(salt: string, value: Json, sha256: Sha256): string {
  return sha256(canonicalJson([salt, value]));
}

export interface Concealer {
  /** Stands in the record in place of the value. */
  conceal(value: Json): { readonly concealed: string };
  /** Everything concealed so far, in order. */
  readonly disclosures: readonly Disclosure[];
}

/** Conceals people and free text; equal values share one disclosure, so that erasing a name erases it everywhere. */
export function createConcealer(nextSalt: () => string, sha256: Sha256): Concealer {
  const known = new Map<string, Disclosure>();
  return {
    conceal(value) {
      const text = canonicalJson(value);
      let disclosure = known.get(text);
      if (disclosure === undefined) {
        const salt = nextSalt();
        disclosure = { digest: disclosureDigest(salt, value, sha256), salt, value };
        known.set(text, disclosure);
      }
      return { concealed: disclosure.digest };
    },
    get disclosures() {
      return [...known.values()];
    },
  };
}
