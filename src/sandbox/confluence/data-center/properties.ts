import type { Handler, SandboxAnswer } from '../../http.ts';
import { failV1, succeed } from '../answers.ts';
import { propertyProblem } from '../cloud/properties.ts';
import { findV1 } from '../cloud/v1.ts';
import type { Property, StoredPage } from '../model.ts';
import { memberOf, withObject } from '../requests.ts';
import type { Site } from '../site.ts';
import { listV1 } from './paging.ts';

/** `GET /content/{id}/property`. */
export function listPropertiesV1(site: Site): Handler {
  return (request) => {
    const page = findV1(site, request.params['id'], 'view');
    if (!('versions' in page)) return page;
    return listV1(site, request, 'property.read', page.properties, showProperty);
  };
}

/** `GET /content/{id}/property/{key}`. */
export function readPropertyV1(site: Site): Handler {
  return ({ params }) => {
    const page = findV1(site, params['id'], 'view');
    if (!('versions' in page)) return page;
    const property = page.properties.find(({ key }) => key === params['key']);
    return property === undefined ? missing(params['key']) : succeed('property.read', showProperty(property));
  };
}

/** `POST /content/{id}/property`. */
export function createPropertyV1(site: Site): Handler {
  return withObject((input, { params }) => {
    const page = findV1(site, params['id'], 'edit');
    if (!('versions' in page)) return page;
    const { key, value } = input;
    const problem = propertyProblem(site, key, value);
    if (problem !== undefined) return failV1(400, problem, 'property.size');
    if (page.properties.some((property) => property.key === key)) {
      return failV1(409, `Unable to add new property with key ${String(key)}: it exists`, 'property.conflict');
    }
    return added(page, site.store.property(key as string, value, true));
  });
}

/** `PUT /content/{id}/property/{key}`: version 1 makes a new one. */
export function updatePropertyV1(site: Site): Handler {
  return withObject((input, { params }) => {
    const page = findV1(site, params['id'], 'edit');
    if (!('versions' in page)) return page;
    const { key = '' } = params;
    const problem = propertyProblem(site, key, input['value']);
    if (problem !== undefined) return failV1(400, problem, 'property.size');
    const number = memberOf(input['version'], 'number');
    const property = page.properties.find((one) => one.key === key);
    if (property === undefined) {
      return number === 1 ? added(page, site.store.property(key, input['value'], true)) : missing(key);
    }
    if (number !== property.version.number + 1) {
      const message = `Can't update property ${key}: current version is ${property.version.number}`;
      return failV1(409, message, 'property.conflict', site.switches.conflictReason);
    }
    const version = { number, message: '', createdAt: site.now().toISOString() };
    const updated = { ...property, value: input['value'], version };
    page.properties = page.properties.map((one) => (one === property ? updated : one));
    return succeed('property.updated', showProperty(updated));
  });
}

/** `DELETE /content/{id}/property/{key}`. */
export function deletePropertyV1(site: Site): Handler {
  return ({ params }) => {
    const page = findV1(site, params['id'], 'edit');
    if (!('versions' in page)) return page;
    if (!page.properties.some(({ key }) => key === params['key'])) return missing(params['key']);
    page.properties = page.properties.filter(({ key }) => key !== params['key']);
    return { status: 204, fact: 'property.deleted' };
  };
}

function added(page: StoredPage, property: Property): SandboxAnswer {
  page.properties.push(property);
  return succeed('property.created', showProperty(property));
}

function missing(key: string | undefined): SandboxAnswer {
  return failV1(404, `Cannot find content property with key ${key ?? ''}`, 'property.missing');
}

function showProperty({ id, key, value, version: { number, message, createdAt } }: Property): object {
  return { id, key, value, version: { number, message, minorEdit: false, when: createdAt } };
}
