import type { Handler } from '../../http.ts';
import { refuseV2 } from '../answers.ts';
import { newest, type StoredPage } from '../model.ts';
import { valuesOf } from '../requests.ts';
import type { Site } from '../site.ts';
import { listV2 } from './paging.ts';
import { refuseFormat, showPage } from './show.ts';

const statuses = new Set(['current', 'archived', 'deleted', 'trashed']);

const orders: Readonly<Record<string, (page: StoredPage) => string | number>> = {
  id: ({ id }) => Number(id),
  title: ({ title }) => title,
  'created-date': ({ createdAt }) => createdAt,
  'modified-date': (page) => newest(page).createdAt,
};

/** `GET /pages`. */
export function listPages(site: Site): Handler {
  return (request) => {
    const { query } = request;
    const wanted = valuesOf(query, 'status');
    const unknown = wanted.find((status) => !statuses.has(status));
    if (unknown !== undefined) return refuseV2(`Provided value {${unknown}} for 'status' is not a known status`);
    const format = query.get('body-format');
    const refused = refuseFormat(format, false);
    if (refused !== undefined) return refused;
    const spaces = valuesOf(query, 'space-id');
    const text = spaces.find((id) => !/^\d+$/.test(id));
    if (text !== undefined) {
      return refuseV2(`Provided value {${text}} for 'space-id' is not the correct type. Expected type is long`);
    }
    const sort = query.get('sort') ?? 'id';
    const order = orders[sort.replace(/^-/, '')];
    if (order === undefined) return refuseV2(`Provided value {${sort}} for 'sort' is not a known order`);

    const ids = valuesOf(query, 'id');
    const title = query.get('title');
    const subtype = query.get('subtype');
    const shown = wanted.length === 0 ? ['current', 'archived'] : wanted;
    const found = [...site.store.pages.values()]
      .filter((page) => page.restricted !== 'view' && shown.includes(page.status))
      .filter((page) => title === null || page.title === title)
      .filter((page) => subtype === null || page.subtype === subtype)
      .filter((page) => ids.length === 0 || ids.includes(page.id))
      .filter((page) => spaces.length === 0 || spaces.includes(page.space.id))
      .toSorted((left, right) => compare(order(left), order(right)));
    if (sort.startsWith('-')) found.reverse();
    return listV2(site, request, 'page.list', found, (page) => showPage(site, page, newest(page), format));
  };
}

function compare(left: string | number, right: string | number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
