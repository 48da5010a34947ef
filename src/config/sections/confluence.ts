import { z } from 'zod';
import { allowHttp, encrypted, webAddress, withoutSlash } from '../address.ts';
import { count, identifier, text } from '../fields.ts';
import { evenIfWrong, report, type Fault } from '../rules.ts';

const Roll = z
  .strictObject({
    every: z
      .enum(['month', 'quarter', 'year', 'never'])
      .default('quarter')
      .meta({ description: 'A new page is begun with each of these periods.' }),
    rows: count({ description: 'A new page is begun after this many rows.' }, { min: 1, max: 5000 }).default(500),
    kilobytes: count(
      { description: 'A new page is begun before the body of a page has more than this many thousand bytes.' },
      { min: 20, max: 4000 },
    ).default(1000),
  })
  .prefault({})
  .transform(({ every, rows, kilobytes }) => ({ every, rows, bytes: kilobytes * 1000 }))
  .meta({
    description: 'When a new audit page is begun below the configured one, so that none grows too large to edit.',
  });

/** Confluence: which page takes the rows. */
export const Confluence = z
  .strictObject({
    url: webAddress({
      description: 'Address of Confluence, with /wiki on Cloud and the path prefix, where there is one, elsewhere.',
      examples: ['https://acme.atlassian.net/wiki'],
    }),
    allow_http: allowHttp(),
    api: z.enum(['auto', 'cloud', 'data_center']).default('auto').meta({
      description: 'Which Confluence it is. auto: Data Center where CONFLUENCE_TOKEN is set, Cloud otherwise.',
    }),
    page_id: identifier({
      description: 'The number of the audit page, as it stands in its address. Or give space and title.',
      examples: ['4711'],
    }).optional(),
    space: text({ description: 'The key of the space that the audit page is in.', examples: ['SEC'] }).optional(),
    title: text({ description: 'The title of the audit page; it is made where it is missing.' }).optional(),
    roll: Roll,
  })
  .refine(...encrypted('url'))
  .superRefine((section, ctx) => report(ctx, [...pageFaults(section), ...urlFaults(section.url)]), evenIfWrong)
  .transform(({ url, api, page_id, space, title, roll }) => ({
    url: withoutSlash(url),
    api,
    page: page_id === undefined ? { space: space ?? '', title: title ?? '' } : { pageId: page_id },
    roll,
  }))
  .meta({ description: 'Confluence: which page takes the rows.' });

export type Confluence = z.infer<typeof Confluence>;

interface PageKeys {
  readonly page_id?: unknown;
  readonly space?: unknown;
  readonly title?: unknown;
}

function pageFaults({ page_id, space, title }: PageKeys): Fault[] {
  const byId = page_id !== undefined;
  const bySpace = space !== undefined;
  const byTitle = title !== undefined;
  const hint = 'Give page_id, such as "4711", or space and title';
  if (byId) {
    return bySpace || byTitle ? [{ path: ['page_id'], message: 'is given beside space or title', hint }] : [];
  }
  if (!bySpace && !byTitle) return [{ path: [], message: 'names no page', hint }];
  if (!byTitle) return [{ path: ['title'], message: 'is missing', hint: 'Space and title together name the page' }];
  if (!bySpace) return [{ path: ['space'], message: 'is missing', hint: 'Space and title together name the page' }];
  return [];
}

function urlFaults(url: unknown): Fault[] {
  if (typeof url !== 'string' || !/^https:\/\/[\w-]+\.atlassian\.net(?!\/wiki\/*$)/i.test(url)) return [];
  const hint = 'Write it up to and with /wiki, as in https://acme.atlassian.net/wiki';
  return [{ path: ['url'], message: 'is not the address of Confluence itself', hint }];
}
