import type { Inline } from './text.ts';

/** What a reader needs to find the log and to know its heads. */
export interface LogName {
  /** First line of every checkpoint. */
  readonly origin: string;
  /** As signed notes have it: name, id and key. */
  readonly verifierKey: string;
  /** Where the newest head is served; null where it is not. */
  readonly checkpointUrl: string | null;
}

/** The paragraph above a table that Countersign makes: which log the rows speak of, and why. */
export function introductionOf({ origin, verifierKey, checkpointUrl }: LogName): readonly Inline[][] {
  return [
    [
      text('The records in this table are sealed in the log '),
      code(origin),
      ...(checkpointUrl === null
        ? []
        : [text('; its newest head is at '), { kind: 'link', text: checkpointUrl, url: checkpointUrl } as const]),
      text('. Its key when this table was made: '),
      code(verifierKey),
      text(
        '. Each row names a head of it, because a log that is rewritten later cannot have the heads that stand here.',
      ),
    ],
  ];
}

function text(value: string): Inline {
  return { kind: 'text', text: value };
}

function code(value: string): Inline {
  return { kind: 'code', text: value };
}
