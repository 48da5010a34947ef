import type { Kysely } from 'kysely';
import type { LogKeeper } from '../../storage/keeper.ts';
import { appendEntries, type Appended } from '../../storage/ledger.ts';
import { readPublications } from '../../storage/publications.ts';
import type { Tables } from '../../storage/tables.ts';
import { publicationEntry } from '../log-statements.ts';
import type { Stage } from '../stage.ts';

export interface SealPublicationParts {
  readonly database: { readonly db: Kysely<Tables> };
  readonly keeper: LogKeeper;
  readonly now: () => Date;
}

/** Seals where a change was published, in the transaction in which its last stage ends. */
export function sealPublication({ database, keeper, now }: SealPublicationParts, last: Stage): Stage {
  return {
    ...last,
    async run(batch) {
      const run = await last.run(batch);
      const over = batch.flatMap(({ change }) => (run.results.get(change.id)?.kind === 'retry' ? [] : [change.id]));
      const published = await readPublications(database.db, over);
      let appended: Appended | undefined;
      return {
        ...run,
        async saved() {
          await run.saved?.();
          if (appended !== undefined) await keeper.memory.see(appended.head);
        },
        async save(trx) {
          await run.save?.(trx);
          const entries = published.map((one) => publicationEntry(keeper, one));
          appended = await appendEntries(trx, keeper, entries, now());
        },
      };
    },
  };
}
