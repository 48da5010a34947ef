import {
  formatVerifierKey,
  LedgerError,
  parseShortHead,
  parseVerifierKey,
  shortHead,
  verifyPack,
  type OpenCheckpoint,
  type PackReport,
  type TrustedKey,
} from '../src/index.ts';
import { encodeBase64 } from '../src/encoding.ts';
import { browserHost, sourceOf } from './host.ts';
import { type Answer, type Outcome, type Question } from './messages.ts';

/** A field that is not what it should be. */
class FieldError extends Error {
  readonly field: 'keys' | 'since';

  constructor(field: 'keys' | 'since', message: string) {
    super(message);
    this.field = field;
  }
}

/** Verifies a pack; says how far it has come in between, and what came of it at last. Never throws. */
export async function answer(question: Question, say: (answer: Answer) => void): Promise<void> {
  try {
    const trustedKeys = keysIn(question.keys);
    const since = earlierHeadIn(question.since);
    const report = await verifyPack(browserHost, sourceOf(question.file), {
      trustedKeys,
      since,
      onProgress: (progress) => say({ kind: 'progress', ...progress }),
    });
    say({ kind: 'done', outcome: outcomeOf(report) });
  } catch (error) {
    if (error instanceof FieldError) say({ kind: 'refused', field: error.field, message: error.message });
    else say({ kind: 'broken', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
}

/** Verifier keys, one a line; undefined for none. One that cannot be read is never overlooked: the rest would not be it. */
function keysIn(text: string): TrustedKey[] | undefined {
  const lines = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  const keys = lines.map((line, at) => {
    try {
      return parseVerifierKey(browserHost, line);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      const what = `Line ${at + 1} is not a verifier key, as in name+1a2b3c4d+AbCd…: ${error.message}.`;
      throw new FieldError('keys', what);
    }
  });
  return keys.length === 0 ? undefined : keys;
}

/** An earlier head. Copying loses line ends, which a signed note has and its short form has not. */
function earlierHeadIn(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (trimmed.includes('\n')) return `${trimmed}\n`;
  try {
    parseShortHead(trimmed);
    return trimmed;
  } catch {
    throw new FieldError(
      'since',
      'This is neither a signed checkpoint nor its short form, as in 128:q1Xb0b2m7k8VYw3s.',
    );
  }
}

function outcomeOf({ verdicts, head, keys, ...rest }: PackReport): Outcome {
  return {
    ...rest,
    verdicts: Object.entries(verdicts),
    head: head && headOf(head),
    keys: keys.map(({ key, from }) => ({ line: formatVerifierKey(browserHost, key), from })),
  };
}

function headOf(head: OpenCheckpoint): NonNullable<Outcome['head']> {
  const { origin, size, root } = head;
  return { origin, size, root: encodeBase64(root), short: shortHead(head) };
}
