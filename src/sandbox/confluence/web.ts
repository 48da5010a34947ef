import type { Handler } from '../http.ts';
import { parseMarkup } from './markup/parse.ts';
import { renderMarkup, type Rendering } from './markup/render.ts';
import { escapeHtml } from './markup/render-html.ts';
import { newest, type StoredPage } from './model.ts';
import type { Store } from './store.ts';

const style =
  '<style>body{font:14px/1.45 system-ui,sans-serif;color:#172b4d;margin:16px}table{border-collapse:collapse}' +
  'th,td{border:1px solid #c1c7d0;padding:6px 10px;text-align:left;vertical-align:top}th{background:#f4f5f7}' +
  'p{margin:2px 0 6px}.lozenge{font-size:11px;font-weight:700;padding:1px 5px;border-radius:3px;background:#dfe1e6}' +
  '.lozenge.green{background:#e3fcef;color:#064}.lozenge.red{background:#ffebe6;color:#bf2600}' +
  '.lozenge.yellow{background:#fff0b3}.lozenge.blue{background:#deebff;color:#0747a6}</style>';

/** Shows a page to a browser, without any credential and without any script. */
export function showToReader(store: Store): Handler {
  return (request) => {
    const page = store.pages.get(request.params['id'] ?? request.query.get('pageId') ?? '');
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    };
    if (page === undefined) return { status: 404, headers, body: '<h1>Page not found</h1>', fact: 'page.missing' };
    const title = `<title>${escapeHtml(page.title)}</title>`;
    const body = `<!doctype html><meta charset="utf-8">${title}${style}${renderPage(page).html}`;
    return { status: 200, headers, body, fact: 'web.page' };
  };
}

/** A stored page as a reader sees it. */
export function renderPage(page: StoredPage): Rendering {
  const parsed = parseMarkup(newest(page).body);
  if (!parsed.ok) throw new Error(`The sandbox stored a page that is not well-formed: ${parsed.problem.text}`);
  return renderMarkup(parsed.nodes);
}
