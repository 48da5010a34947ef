import { siteOf } from '../../connectors/confluence/cloud.ts';
import {
  createConfluenceInspector,
  type ConfluenceInspector,
  type FoundAccount,
} from '../../connectors/confluence/inspect.ts';
import { isConnectorError } from '../../connectors/errors.ts';
import { readable } from '../../domain/text.ts';
import { attempt, isPassing } from '../doctor/attempt.ts';
import { sampleRow } from '../doctor/sample-row.ts';
import type { Asker } from './asker.ts';
import { addressOf, bad, checked, good, newHostOf, notAnAddress, plainly } from './checking.ts';
import type { Draft, Known } from './draft.ts';

type Auth = Parameters<typeof createConfluenceInspector>[0]['auth'];

const another = '+ another';

/** Under which the page that was named on the command line is known, beside the one of the file. */
export const givenPage = '--confluence-page';

/** Asks where Confluence is, with which account rows are written, and on which page they stand. */
export async function askConfluence(asker: Asker, known: Known): Promise<Draft> {
  asker.explain('Confluence', [
    'The audit page is kept here: a row for every change. The account needs to view and edit that page; for a page that is',
    'made for you, to add pages to its space.',
  ]);
  const { url, api } = await asker.text({
    id: 'confluence-url',
    ask: 'Where is your Confluence? (on Cloud with /wiki)',
    initial: known.text('confluence.url'),
    example: 'https://acme.atlassian.net/wiki',
    check: (text) => checked(() => checkAddress(text)),
  });
  const { inspector, variables } =
    api === 'cloud' ? await askCloud(asker, known, url) : await askDataCenter(asker, known, url);
  const page = await askPage(asker, known, inspector);
  const dropped = ['page_id', 'space', 'title'].filter((key) => !(key in page)).map((key) => `confluence.${key}`);
  return { sections: { confluence: { url, api, ...page } }, dropped, variables };
}

async function checkAddress(text: string) {
  const url = addressOf(text.trim());
  if (url === undefined) return bad<{ url: string; api: 'cloud' | 'data_center' }>(notAnAddress);
  const address = plainly(url).replace(/(\/wiki)\/.*$/, '$1');
  const seen = createConfluenceInspector({ url: address, flavour: 'cloud', auth: { kind: 'bearer', token: 'none' } });
  const { flavour } = await seen.identify();
  if (flavour === null) await expectSomething(address);
  const api = flavour ?? 'data_center';
  return good(
    { url: api === 'cloud' ? siteOf(address) : address, api },
    api === 'cloud' ? 'Confluence Cloud' : 'Confluence Data Center',
  );
}

// A Data Center may keep to itself what it is; but it refuses a wrong token.
async function expectSomething(url: string): Promise<void> {
  try {
    const auth = { kind: 'bearer', token: 'none' } as const;
    await createConfluenceInspector({ url, flavour: 'data_center', auth }).whoAmI();
  } catch (error) {
    if (!isConnectorError(error) || (error.code !== 'unauthorized' && error.code !== 'forbidden')) throw error;
  }
}

async function askCloud(asker: Asker, known: Known, url: string) {
  asker.explain('A token for Confluence Cloud', [
    'Make one at https://id.atlassian.com/manage-profile/security/api-tokens, better for an account of its own than for yours.',
    '  scopes  of a scoped token: read:page:confluence, write:page:confluence, read:space:confluence;',
    '          the address is then https://api.atlassian.com/ex/confluence/{cloudId}/wiki',
  ]);
  const email = await asker.text({
    id: 'confluence-email',
    ask: 'The e-mail address of the account',
    initial: known.variable('CONFLUENCE_EMAIL'),
    check: async (text) =>
      /^\S+@\S+$/.test(text.trim())
        ? good(text.trim())
        : bad<string>('That is no e-mail address. It is the one of the account'),
  });
  const { inspector, token } = await asker.secret({
    id: 'confluence-token',
    variable: 'CONFLUENCE_API_TOKEN',
    ask: 'Its API token',
    newHost: newHostOf(url, known.text('confluence.url')),
    check: (value) => checkCredential({ url, flavour: 'cloud', auth: { kind: 'basic', email, token: value } }, value),
  });
  return {
    inspector,
    variables: { CONFLUENCE_EMAIL: email, CONFLUENCE_API_TOKEN: token, CONFLUENCE_TOKEN: null },
  };
}

async function askDataCenter(asker: Asker, known: Known, url: string) {
  asker.explain('A token for Confluence Data Center', [
    `Make a personal access token: ${url}/plugins/personalaccesstokens/usertokens.action`,
    'It acts as its owner: better an account of its own than yours.',
  ]);
  const { inspector, token } = await asker.secret({
    id: 'confluence-token',
    variable: 'CONFLUENCE_TOKEN',
    ask: 'The token',
    newHost: newHostOf(url, known.text('confluence.url')),
    check: (value) => checkCredential({ url, flavour: 'data_center', auth: { kind: 'bearer', token: value } }, value),
  });
  return {
    inspector,
    variables: { CONFLUENCE_TOKEN: token, CONFLUENCE_EMAIL: null, CONFLUENCE_API_TOKEN: null },
  };
}

function checkCredential(
  options: { readonly url: string; readonly flavour: 'cloud' | 'data_center'; readonly auth: Auth },
  token: string,
) {
  return checked(async () => {
    const inspector = createConfluenceInspector(options);
    const { kind, name } = await whoAmI(inspector);
    if (kind === 'anonymous') {
      return bad<{ inspector: ConfluenceInspector; token: string }>(
        'Confluence takes it for nobody’s. Was it copied whole, and is it still valid?',
      );
    }
    return good({ inspector, token }, name === null ? 'the account is known' : `you are ${readable(name, 100)}`);
  });
}

// A token with scopes may be good for pages and not be told whose it is.
async function whoAmI(inspector: ConfluenceInspector): Promise<Pick<FoundAccount, 'kind' | 'name'>> {
  try {
    return await inspector.whoAmI();
  } catch (error) {
    if (!isConnectorError(error) || error.vendorCode !== 'scope_missing') throw error;
    await inspector.listSpaces('', 1);
    return { kind: 'known', name: null };
  }
}

async function askPage(asker: Asker, known: Known, inspector: ConfluenceInspector): Promise<Record<string, string>> {
  const spaces = await asker.during('Looking for spaces', () => inspector.listSpaces('', 200));
  const [given, old] = await asker.during('Looking for the page', () =>
    Promise.all([seenPage(inspector, known.text(givenPage)), pageOfFile(inspector, known.text('confluence.page_id'))]),
  );
  const before = given ?? old;
  const asked = before?.space?.key ?? known.text('confluence.space');
  const space = await asker.choose({
    id: 'confluence-space',
    ask: 'In which space does the audit page stand?',
    options: withFirst(before?.space ?? undefined, spaces, (one, other) => one.key === other.key).map(
      ({ key, name }) => ({ value: key, label: readable(key, 60), hint: readable(name, 60) }),
    ),
    initial: asked,
  });
  const pages = await asker.during('Looking for pages', () => inspector.findPages(space, '', 100));
  const here = [given, old].filter((page) => page !== undefined).filter((page) => (page.space?.key ?? space) === space);
  const offered = here.reduceRight<readonly Offered[]>(
    (others, page) => withFirst(page, others, (one, other) => one.id === other.id),
    pages,
  );
  const title = known.text('confluence.title');
  const chosen = await asker.choose({
    id: 'confluence-page',
    ask: 'Which page takes the rows?',
    options: [
      { value: another, label: 'a new page', hint: 'it is made here' },
      ...offered.map(({ id, title, hint }) => ({ value: id, label: readable(title, 80), hint: hint ?? id })),
    ],
    initial: offered.find((page) => page.id === before?.id || page.title === title)?.id ?? another,
  });
  if (chosen !== another) return { page_id: chosen };
  return makePage(asker, inspector, space, title);
}

interface Offered {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
}

// Of many pages it may not be among the first: it is looked up by its number. Undefined where it is gone or hidden.
async function seenPage(inspector: ConfluenceInspector, id: string | undefined) {
  if (id === undefined) return undefined;
  const seen = await attempt(inspector.describePage(id, sampleRow()));
  if (seen.ok) return seen.value;
  // What may be another answer in a minute is no reason to make another page.
  if (isPassing(seen.error)) throw seen.error;
  return undefined;
}

// What the file names stays until somebody chooses another, seen or not: rows stand there.
async function pageOfFile(inspector: ConfluenceInspector, id: string | undefined) {
  if (id === undefined) return undefined;
  const unseen = { id, title: `the page ${id}`, hint: 'cannot be seen with this account', space: null };
  return (await seenPage(inspector, id)) ?? unseen;
}

function withFirst<T>(first: T | undefined, others: readonly T[], same: (one: T, other: T) => boolean): T[] {
  return first === undefined ? [...others] : [first, ...others.filter((other) => !same(first, other))];
}

async function makePage(
  asker: Asker,
  inspector: ConfluenceInspector,
  space: string,
  title: string | undefined,
): Promise<Record<string, string>> {
  const wanted = await asker.text({
    id: 'confluence-title',
    ask: 'The title of the new page',
    initial: title ?? 'Security review audit',
    check: (text) =>
      checked(async () => {
        const name = text.trim();
        if (name === '') return bad<string>('Give it a title');
        const away = await inspector.findTitle(space, name, 'put_away');
        if (away.length === 0) return good(name);
        return bad<string>(
          `A page of that title was archived or deleted in ${space}. Restore it, or take another title`,
        );
      }),
  });
  const now = await asker.confirm({
    id: 'confluence-make-page',
    ask: 'Make it now? (otherwise it is made with the first row)',
    initial: true,
  });
  if (!now) return { space, title: wanted };
  const made = await asker.during('Making the page', () => inspector.createAuditPage(space, wanted));
  if (made.created) asker.made(`the audit page ${made.url}`);
  else asker.tell(`The audit page: ${made.url}`);
  return { page_id: made.id };
}
