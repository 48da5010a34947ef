import { refuse } from './answers.ts';
import type { Structure } from './arguments.ts';
import type { Metadata } from './records.ts';

/** Reads metadata: an event type, and a payload of plain values, flat objects and lists of these. */
export function readMetadata(given: Structure, byteLimit: number): Metadata | null | undefined {
  if (given.kind === 'absent') return undefined;
  if (given.kind === 'unreadable' || !isObject(given.value))
    throw refuse('invalid_metadata_format', 'slack 2.1 metadata schema');
  if (Object.keys(given.value).length === 0) return null;
  const { event_type: type, event_payload: payload, ...others } = given.value;
  if (typeof type !== 'string' || type.trim() === '' || !isObject(payload) || Object.keys(others).length > 0) {
    throw refuse('invalid_metadata_schema', 'slack 2.1 metadata schema');
  }
  if (!Object.values(payload).every((value) => isPlain(value) || isFlat(value) || isListOfFlat(value))) {
    throw refuse('invalid_metadata_schema', 'slack 2.1 metadata schema');
  }
  if (Buffer.byteLength(JSON.stringify(given.value)) > byteLimit) {
    throw refuse('metadata_too_large', 'slack 3 metadata too large');
  }
  return { event_type: type, event_payload: payload };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isFlat(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isPlain);
}

function isListOfFlat(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => isPlain(each) || isFlat(each));
}
