import type { Confluence, PageTarget } from '../../connectors/confluence/client.ts';
import type { LogName } from '../../domain/introduction.ts';
import type { Roll } from '../../domain/rolling.ts';
import type { Row } from '../../domain/row.ts';
import type { Change } from '../../storage/changes.ts';
import type { Database } from '../../storage/database.ts';

export interface AuditPagesParts {
  readonly database: Pick<Database, 'db' | 'transaction' | 'tryAdvisoryLock'>;
  readonly confluence: Pick<
    Confluence,
    'locatePage' | 'describePage' | 'beginPage' | 'appendRows' | 'findRows' | 'listPages'
  >;
  /** The configured page. */
  readonly page: PageTarget;
  /** When a page below it is begun. */
  readonly roll: Roll;
  /** What a new table says of the log. Asked each time, since the key may be changed. */
  readonly logName: () => LogName;
  readonly now: () => Date;
}

/** A row that is to be written. */
export interface WaitingRow {
  readonly change: Change;
  readonly row: Row;
}

/** What a configured page is called in the database. */
export function targetOf(page: PageTarget): string {
  return JSON.stringify(page);
}

/** Runs while nobody else, on any node, writes to these pages; undefined where somebody does. */
export function whileAlone<T>(
  { database, page }: Pick<AuditPagesParts, 'database' | 'page'>,
  run: () => Promise<T>,
): Promise<T | undefined> {
  return database.tryAdvisoryLock(`page ${targetOf(page)}`, run);
}
