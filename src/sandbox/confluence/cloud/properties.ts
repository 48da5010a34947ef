import type { Handler, SandboxAnswer } from '../../http.ts';
import { failV2, refuseV2, succeed } from '../answers.ts';
import type { Property, StoredPage } from '../model.ts';
import { memberOf, withObject } from '../requests.ts';
import type { Site } from '../site.ts';
import { findPage, isPage, notFound, refuseNumber } from './find.ts';
import { listV2 } from './paging.ts';
import { showProperty } from './show.ts';

const conflict = (title: string): SandboxAnswer =>
  failV2({ status: 409, code: 'CONFLICT', title, fact: 'property.conflict' });

/** `GET /pages/{id}/properties`. */
export function listProperties(site: Site): Handler {
  return (request) => {
    const page = findPage(site, request.params['id'], 'view');
    if (!isPage(page)) return page;
    const key = request.query.get('key');
    const wanted = page.properties.filter((property) => key === null || property.key === key);
    const late = wanted.filter((property) => property.misses > 0);
    for (const property of late) property.misses--;
    const shown = wanted.filter((property) => !late.includes(property));
    return listV2(site, request, late.length > 0 ? 'property.late' : 'property.read', shown, (property) =>
      showProperty(site, property),
    );
  };
}

/** `POST /pages/{id}/properties`. */
export function createProperty(site: Site): Handler {
  return withObject((input, { params }) => {
    const page = findPage(site, params['id'], 'edit');
    if (!isPage(page)) return page;
    const refused = refuseProperty(site, input);
    if (refused !== undefined) return refused;
    const key = input['key'] as string;
    if (page.properties.some((property) => property.key === key)) {
      return conflict(`A property with key ${key} already exists`);
    }
    const property = site.store.property(key, input['value'], true);
    page.properties.push(property);
    return succeed('property.created', showProperty(site, property));
  });
}

/** `GET /pages/{id}/properties/{property}`. */
export function readProperty(site: Site): Handler {
  return ({ params }) => {
    const found = findProperty(site, params, 'view');
    return isFound(found) ? succeed('property.read', showProperty(site, found.property)) : found;
  };
}

/** `PUT /pages/{id}/properties/{property}`. */
export function updateProperty(site: Site): Handler {
  return withObject((input, { params }) => {
    const found = findProperty(site, params, 'edit');
    if (!isFound(found)) return found;
    const { page, property } = found;
    const refused = refuseProperty(site, input);
    if (refused !== undefined) return refused;
    if (input['key'] !== property.key) return refuseV2('The key of a property cannot be changed');
    const number = memberOf(input['version'], 'number');
    if (typeof number !== 'number') return refuseV2("'version.number' must be a number");
    if (number !== property.version.number + 1) {
      return conflict(`Version must be incremented. Current version: [${property.version.number}]`);
    }
    const message = memberOf(input['version'], 'message');
    const version = {
      number,
      message: typeof message === 'string' ? message : '',
      createdAt: site.now().toISOString(),
    };
    const updated = { ...property, value: input['value'], version };
    page.properties = page.properties.map((one) => (one === property ? updated : one));
    return succeed('property.updated', showProperty(site, updated));
  });
}

/** `DELETE /pages/{id}/properties/{property}`. */
export function deleteProperty(site: Site): Handler {
  return ({ params }) => {
    const found = findProperty(site, params, 'edit');
    if (!isFound(found)) return found;
    found.page.properties = found.page.properties.filter((one) => one !== found.property);
    return { status: 204, fact: 'property.deleted' };
  };
}

/** The answer to a key or value that cannot be stored; the same for both flavours but for the envelope. */
export function propertyProblem(site: Site, key: unknown, value: unknown): string | undefined {
  if (typeof key !== 'string' || key === '' || key.length > 255) return "'key' must be text of up to 255 characters";
  if (value === undefined) return "'value' must be given";
  const limit = site.switches.propertyByteLimit;
  return Buffer.byteLength(JSON.stringify(value)) > limit ? `'value' is larger than ${limit} bytes` : undefined;
}

function refuseProperty(site: Site, input: Record<string, unknown>): SandboxAnswer | undefined {
  const problem = propertyProblem(site, input['key'], input['value']);
  return problem === undefined ? undefined : refuseV2(problem, 'property.size');
}

interface Found {
  readonly page: StoredPage;
  readonly property: Property;
}

function findProperty(
  site: Site,
  params: Readonly<Record<string, string>>,
  to: 'view' | 'edit',
): Found | SandboxAnswer {
  const page = findPage(site, params['id'], to);
  if (!isPage(page)) return page;
  const wrong = refuseNumber('property-id', params['property']);
  if (wrong !== undefined) return wrong;
  const property = page.properties.find(({ id }) => id === params['property']);
  return property === undefined ? notFound('property.missing') : { page, property };
}

function isFound(value: Found | SandboxAnswer): value is Found {
  return 'property' in value;
}
