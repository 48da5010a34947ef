import type { Handler } from '../../http.ts';
import { succeed } from '../answers.ts';
import { operationsOnPage } from '../operations.ts';
import type { Site } from '../site.ts';
import { findPage, isPage, notFound } from './find.ts';

/** `GET /pages/{id}/operations`: what the user may do with a page. */
export function listPageOperations(site: Site): Handler {
  return ({ params }) => {
    const page = findPage(site, params['id'], 'view');
    if (!isPage(page)) return page;
    return succeed('page.operations', { operations: operationsOnPage(page) });
  };
}

/** `GET /spaces/{id}/operations`: what the user may do in a space. */
export function listSpaceOperations(site: Site): Handler {
  return ({ params }) => {
    const space = site.store.spaces.find(({ id }) => id === params['id']);
    if (space === undefined) return notFound('space.missing');
    const operations = [
      { operation: 'read', targetType: 'space' },
      ...(space.closed ? [] : [{ operation: 'create', targetType: 'page' }]),
    ];
    return succeed('space.operations', { operations });
  };
}
