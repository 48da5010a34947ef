import type { Kysely } from 'kysely';
import type { StageName } from '../../domain/stage.ts';
import { raise, resolve } from '../../storage/attention.ts';
import type { Tables } from '../../storage/tables.ts';
import type { LayoutFault } from '../../templates/layout.ts';
import type { Change } from '../../storage/changes.ts';

/** A change that was laid out, and what of it could not be. */
export interface LaidOut {
  readonly change: Pick<Change, 'keyText' | 'pod'>;
  readonly faults: readonly LayoutFault[];
}

/** Lists the changes whose templates could not be rendered, and takes those off the list whose were. */
export async function noteTemplates(
  db: Kysely<Tables>,
  stage: StageName,
  laidOut: readonly LaidOut[],
  now: Date,
): Promise<void> {
  const broken = laidOut.filter(({ faults }) => faults.length > 0);
  await raise(
    db,
    broken.map(({ change, faults }) => ({
      kind: 'template' as const,
      subject: change.keyText,
      stage,
      reason: 'not_rendered',
      detail: faults.map(({ where, detail }) => `${where}: ${detail}`).join('; '),
      owner: change.pod,
    })),
    now,
  );
  const whole = laidOut.filter(({ faults }) => faults.length === 0);
  await resolve(
    db,
    'template',
    whole.map(({ change }) => change.keyText),
    now,
    stage,
  );
}
