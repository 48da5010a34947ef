import type { StoredPage } from './model.ts';

/** What the token's user may do with a page, as both versions of the API name it. */
export function operationsOnPage({ restricted, status }: StoredPage): readonly object[] {
  const names = restricted === undefined && status !== 'archived' ? ['read', 'update', 'delete'] : ['read'];
  return names.map((operation) => ({ operation, targetType: 'page' }));
}
