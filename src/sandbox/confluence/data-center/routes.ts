import type { Handler } from '../../http.ts';
import { failV1 } from '../answers.ts';
import { addLabels, readRestrictions, readUser, search } from '../cloud/v1.ts';
import { bucketHeaders } from '../limits.ts';
import type { Entries, Site } from '../site.ts';
import {
  createPropertyV1,
  deletePropertyV1,
  listPropertiesV1,
  readPropertyV1,
  updatePropertyV1,
} from './properties.ts';
import { listChildPages, listContent, listSpacesV1, readContent, readSpaceV1 } from './read-content.ts';
import { createContent, deleteContent, updateContent } from './write-content.ts';

/** REST v1 of a Data Center. */
export function dataCenterRoutes(site: Site): Entries {
  const routes: Readonly<Record<string, Handler>> = {
    'GET /rest/api/content': listContent(site),
    'POST /rest/api/content': createContent(site),
    'GET /rest/api/content/search': search(site),
    'GET /rest/api/content/:id': readContent(site),
    'PUT /rest/api/content/:id': updateContent(site),
    'DELETE /rest/api/content/:id': deleteContent(site),
    'GET /rest/api/content/:id/child/page': listChildPages(site),
    'POST /rest/api/content/:id/label': addLabels(site),
    'GET /rest/api/content/:id/restriction': readRestrictions(site),
    'GET /rest/api/content/:id/property': listPropertiesV1(site),
    'POST /rest/api/content/:id/property': createPropertyV1(site),
    'GET /rest/api/content/:id/property/:key': readPropertyV1(site),
    'PUT /rest/api/content/:id/property/:key': updatePropertyV1(site),
    'DELETE /rest/api/content/:id/property/:key': deletePropertyV1(site),
    'GET /rest/api/space': listSpacesV1(site),
    'GET /rest/api/space/:key': readSpaceV1(site),
    'GET /rest/api/user/current': readUser(site),
  };
  return Object.fromEntries(
    Object.entries(routes).map(([route, handler]) => [route, { scopes: [], handler: answered(site, handler) }]),
  );
}

// The counters of the token bucket stand on every answer of the server, and on none of a proxy in front of it.
function answered(site: Site, handler: Handler): Handler {
  return async (request) => {
    const bare = request.method === 'GET' || request.method === 'DELETE';
    if (bare && site.switches.getNeedsContentType && request.headers['content-type'] === undefined) {
      return failV1(415, 'Unsupported Media Type', 'dc.content-type');
    }
    const answer = await handler(request);
    return { ...answer, headers: { ...bucketHeaders(), ...answer.headers } };
  };
}
