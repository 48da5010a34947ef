import type { ConfluenceAuth } from '../../config/vendor-auth.ts';
import { createConfluenceInspector } from '../../connectors/confluence/inspect.ts';
import type { PageTarget } from '../../connectors/confluence/locate.ts';
import type { Row } from '../../domain/row.ts';
import type { Check } from '../check.ts';
import { checkClock } from './clock.ts';
import { checkContact } from './confluence-contact.ts';
import { checkPlace } from './confluence-place.ts';
import { sampleRow } from './sample-row.ts';

/** What a check of Confluence needs to know of the configuration. */
export interface ConfluenceToCheck {
  readonly url: string;
  readonly flavour: 'cloud' | 'data_center';
  readonly auth: ConfluenceAuth;
  readonly page: PageTarget;
  /** A row as it would be written, where its columns are not the usual ones. */
  readonly row?: Row;
  readonly now?: () => Date;
  readonly timeoutMs?: number;
}

/** What is looked at in Confluence. */
export const confluenceChecks: Readonly<Record<string, string>> = {
  'confluence.reachable': 'Confluence answers at the address, with its API and not with a page to sign in on.',
  'confluence.flavour': 'Confluence is the kind, Cloud or Data Center, that the configuration and the credential say.',
  'confluence.credential': 'Confluence accepts the credential, and does not take its owner for a visitor.',
  'confluence.scopes': 'A token with scopes has those that reading spaces and pages needs.',
  'confluence.space': 'The space of the audit page is there, and the account sees it.',
  'confluence.page': 'The audit page is there and current, or can be made under its title.',
  'confluence.permission': 'The account may edit the audit page, or add one to the space.',
  'confluence.next_page': 'The account may begin further pages below the audit page.',
  'confluence.table': 'A row fits the audit table of the page, and its columns are told apart.',
  'confluence.size': 'The audit page has room for further rows.',
  'confluence.clock': 'Confluence and this machine agree on the time.',
};

const clockCost =
  'the times in records and those in the history of the page do not fit together, which auditors notice';

/** Checks everything that rows in Confluence depend on. Writes nothing. */
export async function checkConfluence(options: ConfluenceToCheck): Promise<Check[]> {
  const { auth, now = () => new Date(), row = sampleRow() } = options;
  const revealed = { ...auth, token: auth.token.reveal() };
  const inspector = createConfluenceInspector({ ...options, now, auth: revealed });
  const contact = await checkContact(inspector, options);
  const place = contact.mayGoOn ? await checkPlace(inspector, options.page, row) : [];
  // A clock of something else is none of our business.
  const isIt = contact.checks.some(({ id, status }) => id === 'confluence.reachable' && status !== 'fail');
  return [
    ...contact.checks,
    ...place,
    ...(isIt ? checkClock('confluence.clock', 'Confluence', inspector.clockAheadSeconds(), clockCost) : []),
  ];
}
