import type { ConfluenceInspector, PageDescription } from '../../connectors/confluence/inspect.ts';
import type { PageTarget } from '../../connectors/confluence/locate.ts';
import { sameText, type PageSummary } from '../../connectors/confluence/pages.ts';
import type { ConnectorError } from '../../connectors/errors.ts';
import type { Row } from '../../domain/row.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { attempt, isPassing, tryAgain } from './attempt.ts';
import { checkTable } from './confluence-table.ts';

const space = 'confluence.space';
const page = 'confluence.page';
const permission = 'confluence.permission';
const next = 'confluence.next_page';

const mostLooked = 500;

const seeIt = 'let the account view it: in the space, Space settings, Permissions';

/** Whether the audit page can take a row, or be made. */
export async function checkPlace(inspector: ConfluenceInspector, target: PageTarget, row: Row): Promise<Check[]> {
  return 'pageId' in target
    ? checkPage(inspector, target.pageId, row)
    : checkTitle(inspector, target.space, target.title, row);
}

async function checkTitle(inspector: ConfluenceInspector, key: string, title: string, row: Row): Promise<Check[]> {
  const found = await attempt(inspector.findSpace(key));
  if (!found.ok) return [trouble(space, `space ${readable(key, 100)}`, found.error)];
  if (found.value === undefined) return [await spaceMissing(inspector, key)];
  const name = `${readable(found.value.key, 100)} (${readable(found.value.name, 100)})`;
  const seen = fine(space, `The space ${name} is there`);

  const current = await attempt(inspector.findTitle(key, title, 'current'));
  if (!current.ok) return [seen, trouble(page, 'the pages of the space', current.error)];
  const [one] = current.value;
  if (one !== undefined) return [seen, ...(await checkPage(inspector, one.id, row))];
  return [seen, ...(await checkNoPage(inspector, key, title))];
}

async function spaceMissing(inspector: ConfluenceInspector, key: string): Promise<Check> {
  const listed = await attempt(inspector.listSpaces('', mostLooked));
  if (!listed.ok) return trouble(space, 'the spaces', listed.error);
  const keys = listed.value.map((one) => one.key);
  const written = keys.find((one) => sameText(one, key));
  if (written !== undefined) {
    const message = `The key of the space is written ${readable(written, 100)}, and not ${readable(key, 100)}: it is not found that way`;
    return failure(space, message, `Set confluence.space to ${readable(written, 100)}`);
  }
  const shown = keys.slice(0, 5).map((one) => readable(one, 50));
  const others =
    shown.length === 0 ? 'It sees none at all' : `It sees ${shown.join(', ')}${keys.length > 5 ? ' …' : ''}`;
  return failure(
    space,
    `The space ${readable(key, 100)} is absent or hidden from the account: no row can be written. ${others}`,
    `Set confluence.space to the key of the space, as it stands in its address, or ${seeIt}`,
  );
}

async function checkNoPage(inspector: ConfluenceInspector, key: string, title: string): Promise<Check[]> {
  const [away, similar, mayCreate] = await Promise.all([
    attempt(inspector.findTitle(key, title, 'put_away')),
    attempt(inspector.findPages(key, '', mostLooked)),
    attempt(inspector.mayCreate(key)),
  ]);
  const failed = [away, similar, mayCreate].find((one) => !one.ok && isPassing(one.error));
  if (failed !== undefined && !failed.ok) return [trouble(page, 'the pages of the space', failed.error)];
  const archived = away.ok ? away.value.find(({ status }) => status === 'archived') : undefined;
  if (archived !== undefined) {
    const message = `The title of the audit page is taken by an archived page (${archived.id}): no page can be made under it`;
    return [failure(page, message, 'Restore that page in Confluence, or choose another title in confluence.title')];
  }
  const pages = similar.ok ? similar.value : [];
  const written = pages.find((one) => sameText(one.title, title));
  if (written !== undefined) {
    const name = `"${readable(written.title, 100)}" (${written.id})`;
    const message = `The title of the audit page is written ${name}: it is not found otherwise, and no second page can be made`;
    return [
      failure(page, message, 'Set confluence.title to it letter for letter, or confluence.page_id to its number'),
    ];
  }
  const checks = [pageMissing(away.ok ? away.value : [], likely(title, pages))];
  if (mayCreate.ok && mayCreate.value === false) {
    const message =
      'The account may not add pages to the space: the audit page cannot be made, and no row can be written';
    const fix =
      'Let the account add pages (Space settings, Permissions), or make the page by hand and let the account edit it';
    checks.push(failure(permission, message, fix));
  } else {
    const message =
      mayCreate.ok && mayCreate.value === true
        ? 'The account may add pages to the space'
        : 'Whether the account may add pages, the first row shows';
    checks.push(fine(permission, message));
  }
  return checks;
}

function pageMissing(away: readonly PageSummary[], likelier: PageSummary | undefined): Check {
  const [trashed] = away;
  if (trashed !== undefined) {
    return warning(
      page,
      `The audit page (${trashed.id}) is in the trash, with the rows on it; a new one is made with the first row`,
      'Restore it from the trash of the space (Space settings, Archived or deleted pages), unless a new page is wanted',
    );
  }
  if (likelier !== undefined) {
    const other = `"${readable(likelier.title, 100)}" (${likelier.id})`;
    return warning(
      page,
      `No page has the configured title, and ${other} is much like it: if the page was renamed, rows would go to a new one`,
      `Set confluence.title to its title, or confluence.page_id to "${likelier.id}" in place of space and title, which survives renaming`,
    );
  }
  return fine(page, 'No page has the configured title yet: it is made with the first row');
}

/** A page whose title says nearly the same. */
function likely(title: string, pages: readonly PageSummary[]): PageSummary | undefined {
  const wanted = wordsOf(title);
  return pages.find((one) => {
    const words = wordsOf(one.title);
    const shared = words.filter((word) => wanted.includes(word)).length;
    // Pages of other months or quarters are meant to be others.
    const apart = [...words, ...wanted].filter((word) => !words.includes(word) || !wanted.includes(word));
    if (apart.length > 0 && apart.every((word) => /\p{N}/u.test(word))) return false;
    return shared > 0 && shared * 3 >= Math.max(wanted.length, words.length) * 2;
  });
}

function wordsOf(title: string): string[] {
  return [
    ...new Set(
      title
        .normalize('NFC')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu),
    ),
  ];
}

async function checkPage(inspector: ConfluenceInspector, id: string, row: Row): Promise<Check[]> {
  const found = await attempt(inspector.describePage(id, row));
  if (!found.ok) return [pageUnseen(id, found.error)];
  const one = found.value;
  const name = `"${readable(one.title, 100)}" (${one.id})`;
  if (one.status !== 'current') return [notCurrent(one, name)];
  const inSpace = one.space === null ? '' : ` in space ${readable(one.space.key, 100)}`;
  const mayBegin = await askMayBegin(inspector, one);
  return [
    fine(page, `The audit page is ${name}${inSpace}`),
    mayEdit(one),
    nextPage(mayBegin),
    ...checkTable(one, mayBegin),
  ];
}

async function askMayBegin(inspector: ConfluenceInspector, one: PageDescription): Promise<boolean | null> {
  if (one.space === null) return null;
  const may = await attempt(inspector.mayCreate(one.space.key));
  return may.ok ? may.value : null;
}

function nextPage(may: boolean | null): Check {
  if (may === null)
    return fine(next, 'Whether the account may add further pages is not told; the first page that is due shows');
  if (may) return fine(next, 'The account may add further pages to the space');
  return warning(
    next,
    'The account may not add pages to the space: no further page can be begun when this one is full, so that rows go on here, until Confluence takes no more',
    'Let the account add pages: Space settings, Permissions',
  );
}

function pageUnseen(id: string, error: ConnectorError): Check {
  if (error.vendorCode === 'scope_missing') {
    return failure(
      'confluence.scopes',
      'The token lacks the scope read:page:confluence: the page cannot be read, and no row can be written',
      'Make a new token with the scopes read:page:confluence, write:page:confluence and read:space:confluence, and set it as CONFLUENCE_API_TOKEN',
    );
  }
  if (!['not_found', 'forbidden', 'refused'].includes(error.code))
    return trouble(page, `page ${readable(id, 50)}`, error);
  return failure(
    page,
    `The page ${readable(id, 50)} is absent or hidden from the account: no row can be written`,
    `Set confluence.page_id to the number in the page's address, or ${seeIt}, and remove view restrictions of the page that leave the account out`,
  );
}

const away: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  archived: ['is archived', 'Restore it in Confluence (Space settings, Archived pages), or choose another page'],
  trashed: [
    'is in the trash',
    'Restore it from the trash of the space (Space settings, Trash), or choose another page',
  ],
  draft: ['is a draft that nobody published', 'Publish it in Confluence, or choose another page'],
};

function notCurrent({ status }: PageDescription, name: string): Check {
  const [what, fix] = away[status] ?? ['is not current', 'Choose a page that is current'];
  const message = `The audit page ${name} ${what}: it is not written, since Confluence would ignore or refuse the row`;
  return failure(page, message, fix);
}

function mayEdit({ mayEdit: may }: PageDescription): Check {
  if (may === null)
    return fine(permission, 'Confluence does not say whether the account may edit the page; the first row shows');
  if (may) return fine(permission, 'The account may edit the page');
  return failure(
    permission,
    'The account may view the page and not edit it: no row can be written',
    'Let the account edit it: on the page, the lock or share button, Restrictions, add the account as editor; and in Space settings, Permissions, let it add pages',
  );
}

/** A question that was not answered, and says nothing about the set-up. */
function trouble(id: string, subject: string, error: ConnectorError): Check {
  const fix =
    isPassing(error) || error.code === 'unreachable'
      ? tryAgain(error)
      : 'Try again; if it stays so, look into the log of Confluence';
  return failure(id, `Nothing could be told about ${subject}: ${error.message}`, fix);
}
