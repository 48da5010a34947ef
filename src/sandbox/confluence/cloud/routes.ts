import type { Scope } from '../credentials.ts';
import type { Entries, Entry, Site } from '../site.ts';
import type { Handler } from '../../http.ts';
import { commentOnPage, listChildren, listLabels, listVersions, readVersion } from './below-page.ts';
import { createPage, deletePage } from './create-page.ts';
import { listPages } from './list-pages.ts';
import { createProperty, deleteProperty, listProperties, readProperty, updateProperty } from './properties.ts';
import { listPageOperations, listSpaceOperations } from './operations.ts';
import { readPage } from './read-page.ts';
import { listSpaces, readSpace } from './spaces.ts';
import { retitlePage, updatePage } from './update-page.ts';
import { addLabels, gone, readRestrictions, readUser, search } from './v1.ts';

const readsPages = ['read:page:confluence'] as const;
const writesPages = ['write:page:confluence'] as const;
const both = [...readsPages, ...writesPages] as const;

/** REST v2, and what is left of v1 beside it, with the scopes that each call needs. */
export function cloudRoutes(site: Site): Entries {
  return {
    'GET /api/v2/pages': needs(readsPages, listPages(site)),
    'POST /api/v2/pages': needs(writesPages, createPage(site)),
    'GET /api/v2/pages/:id': needs(readsPages, readPage(site)),
    'PUT /api/v2/pages/:id': needs(writesPages, updatePage(site)),
    'DELETE /api/v2/pages/:id': needs(['delete:page:confluence'], deletePage(site)),
    'PUT /api/v2/pages/:id/title': needs(writesPages, retitlePage(site)),
    'GET /api/v2/pages/:id/versions': needs(readsPages, listVersions(site)),
    'GET /api/v2/pages/:id/versions/:number': needs(readsPages, readVersion(site)),
    'GET /api/v2/pages/:id/direct-children': needs(['read:hierarchical-content:confluence'], listChildren(site)),
    'GET /api/v2/pages/:id/operations': needs(readsPages, listPageOperations(site)),
    'GET /api/v2/pages/:id/labels': needs(readsPages, listLabels(site)),
    'GET /api/v2/pages/:id/properties': needs(readsPages, listProperties(site)),
    'POST /api/v2/pages/:id/properties': needs(both, createProperty(site)),
    'GET /api/v2/pages/:id/properties/:property': needs(readsPages, readProperty(site)),
    'PUT /api/v2/pages/:id/properties/:property': needs(both, updateProperty(site)),
    'DELETE /api/v2/pages/:id/properties/:property': needs(both, deleteProperty(site)),
    'POST /api/v2/footer-comments': needs(['write:comment:confluence'], commentOnPage(site)),
    'GET /api/v2/spaces': needs(['read:space:confluence'], listSpaces(site)),
    'GET /api/v2/spaces/:id': needs(['read:space:confluence'], readSpace(site)),
    'GET /api/v2/spaces/:id/operations': needs(['read:space:confluence'], listSpaceOperations(site)),
    'GET /rest/api/content/search': needs(['search:confluence'], search(site)),
    'GET /rest/api/content': needs([], gone),
    'POST /rest/api/content': needs([], gone),
    'GET /rest/api/content/:id': needs([], gone),
    'PUT /rest/api/content/:id': needs([], gone),
    'DELETE /rest/api/content/:id': needs([], gone),
    'POST /rest/api/content/:id/label': needs(['read:label:confluence', 'write:label:confluence'], addLabels(site)),
    'GET /rest/api/content/:id/restriction': needs(['read:content-details:confluence'], readRestrictions(site)),
    'GET /rest/api/user/current': needs(['read:content-details:confluence'], readUser(site)),
  };
}

function needs(scopes: readonly Scope[], handler: Handler): Entry {
  return { scopes, handler };
}
