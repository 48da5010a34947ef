// Writes dist/verify.html, the page on which a pack is verified.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { buildVerifyPage } from './verify-page.ts';

const html = await buildVerifyPage();
const folder = new URL('../dist/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('verify.html', folder), html);
console.log(`${createHash('sha256').update(html).digest('hex')}  dist/verify.html`);
