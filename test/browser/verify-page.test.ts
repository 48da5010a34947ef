import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { formatVerifierKey, packFiles, shortHead, signPack } from '../../ledger/src/index.ts';
import { buildVerifyPage } from '../../tools/verify-page.ts';
import { launchBrowser } from '../support/browser.ts';
import { flip } from '../support/flip.ts';
import { primitives, seeds, signerOf } from '../support/ledger-primitives.ts';
import { buildPack, firstKey, packOrigin, secondKey, zipPack, type Files } from '../support/pack-builder.ts';
import { zipOf } from '../support/zip-writer.ts';

const honest = buildPack();
const given = formatVerifierKey(primitives, firstKey);
const folder = mkdtempSync(join(tmpdir(), 'verify-page-'));
const pageUrl = pathToFileURL(join(folder, 'verify.html')).href;

let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Whatever the page asked for, dialogs and errors included. */
let asked: string[];

beforeAll(async () => {
  writeFileSync(join(folder, 'verify.html'), await buildVerifyPage());
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await browser.newContext({ offline: true });
  page = await context.newPage();
  asked = [];
  context.on('request', (request) => asked.push(request.url()));
  page.on('dialog', (dialog) => {
    asked.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', ({ message }) => asked.push(`error ${message}`));
  page.on('console', (message) => asked.push(`console ${message.text()}`));
  await page.goto(pageUrl);
});

afterEach(async () => {
  await context.close();
  const others = asked.filter((one) => one !== pageUrl && !one.startsWith('blob:null/'));
  if (others.length > 0) throw new Error(`Besides itself and its worker, the page asked for ${others.join(', ')}`);
});

/** Verifies a pack as a person does, and gives the big line. */
async function verify(pack: Uint8Array, { keys = '', since = '' } = {}): Promise<string> {
  await page.getByLabel('Pack', { exact: true }).setInputFiles({
    name: 'pack.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from(pack),
  });
  await page.getByLabel('Verifier key').fill(keys);
  await page.getByLabel('Earlier head').fill(since);
  await page.getByRole('button', { name: 'Verify' }).click();
  const line = page.getByRole('region', { name: 'Result' }).getByRole('heading', { level: 2 });
  const text = await line.innerText();
  // Who cannot see it hears it, and is led to it.
  await expect.poll(() => page.getByRole('status').innerText()).toBe(text);
  expect(await page.locator(':focus').innerText()).toBe(text);
  return text;
}

const result = () => page.getByRole('region', { name: 'Result' });
const colour = () => result().locator('h2').getAttribute('data-state');
const failures = () => page.getByRole('region', { name: 'What does not hold' }).locator('tbody tr').allInnerTexts();

describe('an honest pack', () => {
  test('holds, by a key that was given', async () => {
    expect(await verify(zipPack(honest.files), { keys: given })).toBe('Everything in this pack holds.');
    expect(await colour()).toBe('holds');
    const text = await result().innerText();
    expect(text).toContain('pack.zip');
    expect(text).toContain('given by you');
    expect(text).toContain('all changes of the log; none is missing');
    expect(text).toContain(`${honest.head.size} entries`);
    expect(text).toMatch(/fail 1, pass 3|pass 3, fail 1/);
    expect(text).toContain(formatVerifierKey(primitives, secondKey));
    expect(text).toContain(shortHead(honest.head));
    expect(text).toContain('What this does not prove');
    expect(text).not.toContain('Warning');
  });

  test('holds by its own keys with a warning, where none was given', async () => {
    expect(await verify(zipPack(honest.files))).toBe('Everything in this pack holds, by its own keys.');
    expect(await result().innerText()).toContain('Warning: No key was given');
    expect(await result().innerText()).toContain('Who made the pack');
  });

  test('begins with an earlier head, in either form, however it was copied', async () => {
    for (const since of [
      honest.earlier.note.trimEnd(),
      `\n${honest.earlier.note}\n`,
      ` ${shortHead(honest.earlier)} `,
    ]) {
      expect(await verify(zipPack(honest.files), { keys: `\n ${given} \n`, since })).toBe(
        'Everything in this pack holds.',
      );
      expect(await result().innerText()).toContain(`the log begins with its first ${honest.earlier.size} entries`);
    }
  });

  test('holds also where it is only a sample, and the page says of what', async () => {
    expect(await verify(zipPack(buildPack({ scope: 'sample' }).files), { keys: given })).toContain('holds');
    expect(await result().innerText()).toContain('a sample, drawn from the changes that entry');
    expect(await result().innerText()).toContain('That the nonce of the sample is yours');
  });
});

describe('a pack that does not hold', () => {
  test('is red, and the file with a flipped byte is named', async () => {
    const name = [...honest.files.keys()].find((path) => path.endsWith('/record.json'))!;
    const files = new Map([...honest.files, [name, flip(honest.files.get(name)!, 100, 1)]]);
    expect(await verify(zipPack(files), { keys: given })).toBe('This pack does not hold.');
    expect(await colour()).toBe('fails');
    expect(await result().innerText()).not.toContain('none is missing');
    expect((await failures())[0]).toMatch(new RegExp(`^${name}\\s+file_changed`));
  });

  test('is one of another key than the given', async () => {
    const stranger = formatVerifierKey(primitives, signerOf(packOrigin, seeds.third));
    expect(await verify(zipPack(honest.files), { keys: stranger })).toBe('This pack does not hold.');
    expect(await failures()).toEqual([expect.stringMatching(/^keys\.txt\s+unknown_key/)]);
  });

  test('is one of another log than that of the earlier head', async () => {
    const rebuilt = zipPack(buildPack({ title: 'Another title' }).files);
    expect(await verify(rebuilt, { keys: given })).toContain('holds');
    for (const since of [honest.earlier.note, shortHead(honest.earlier)]) {
      expect(await verify(rebuilt, { keys: given, since })).toBe('This pack does not hold.');
      expect(await failures()).toEqual([expect.stringMatching(/^\(since\)\s+inconsistent/)]);
    }
  });

  test('is forgotten once another is verified', async () => {
    expect(await verify(Buffer.from('no archive'))).toBe('This pack does not hold.');
    expect(await failures()).toEqual([expect.stringMatching(/^\(zip\)\s+bad_zip/)]);
    expect(await verify(zipPack(honest.files), { keys: given })).toBe('Everything in this pack holds.');
    expect(await failures()).toEqual([]);
  });
});

describe('a hostile pack', () => {
  const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

  test('has its texts shown as texts', async () => {
    // Who makes up a pack signs what they like.
    const product = `${markup}\u202E\u0000 ${'x'.repeat(40)}`;
    const { root, size } = honest.head;
    const statement = {
      at: '2026-08-03T00:00:00.000Z',
      product,
      head: { origin: packOrigin, size, root },
      changes: 4,
      scope: { kind: 'all' },
    } as const;
    const envelope = signPack(primitives, statement, honest.files.get(packFiles.sums)!, secondKey);
    expect(await verify(zipPack(new Map([...honest.files, [packFiles.envelope, envelope]])))).toContain('holds');
    expect(await result().innerText()).toContain(`${markup}\\u{202e}\\u{0}`);
    expect(await page.locator('img, script:not(body > script)').count()).toBe(0);
  });

  test('cannot put markup into a failure', async () => {
    // The name of a key may hold markup; the note that it did not sign names it.
    const named = signerOf(`log/${markup.replaceAll(' ', '/')}`, seeds.first);
    const keys = Buffer.from(`${formatVerifierKey(primitives, named)}\n`);
    const files: Files = new Map([...honest.files, [packFiles.keys, keys]]);
    expect(await verify(zipPack(files))).toBe('This pack does not hold.');
    const names: Files = new Map([...honest.files, [`${markup}.txt`, Buffer.from('x')]]);
    expect(await verify(zipPack(names))).toBe('This pack does not hold.');
    expect(await failures()).toEqual([expect.stringMatching(/bad_zip/)]);
    expect(await page.locator('img, script:not(body > script)').count()).toBe(0);
  });

  test('that unpacks to more than it says, or than any pack, is refused', async () => {
    const bomb = Buffer.alloc(40_000_000);
    const more = [...honest.files].map(([name, content]) => ({ name, content }));
    const lying = [{ name: 'keys.txt', content: bomb, deflate: true, size: 90 }, ...more.slice(1)];
    const huge = Array.from({ length: 12 }, (_, at) => ({ name: `${at}.txt`, content: bomb, deflate: true }));
    for (const files of [lying.filter(({ name }, at) => at === 0 || name !== 'keys.txt'), huge]) {
      expect(await verify(zipOf(files))).toBe('This pack does not hold.');
      expect((await failures())[0]).toMatch(/bad_zip|too_large/);
    }
  });
});

describe('the form', () => {
  test('refuses a key that is none, and says which, instead of trusting the pack', async () => {
    await page.getByLabel('Pack', { exact: true }).setInputFiles(packFile(zipPack(honest.files)));
    await page.getByLabel('Verifier key').fill(`${given}\nnonsense`);
    await page.getByRole('button', { name: 'Verify' }).click();
    await expect.poll(() => page.locator('#keys-error').innerText()).toContain('Line 2 is not a verifier key');
    expect(await page.getByRole('status').innerText()).toBe('Nothing was verified.');
    expect(await page.locator(':focus').getAttribute('aria-invalid')).toBe('true');
    expect(await result().isVisible()).toBe(false);
  });

  test('refuses an earlier head that is none', async () => {
    await page.getByLabel('Pack', { exact: true }).setInputFiles(packFile(zipPack(honest.files)));
    await page.getByLabel('Earlier head').fill('12:short');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#since-error').innerText()).toContain('neither a signed checkpoint');
  });

  test('shows nothing of an earlier result once a field is changed', async () => {
    await verify(zipPack(honest.files), { keys: given });
    await page.getByLabel('Verifier key').fill('');
    expect(await result().isVisible()).toBe(false);
  });

  test('takes a pack that is dropped on the page', async () => {
    const bytes = JSON.stringify([...zipPack(honest.files)]);
    const transfer = await page.evaluateHandle(
      `(() => { const t = new DataTransfer(); t.items.add(new File([new Uint8Array(${bytes})], 'dropped.zip')); return t; })()`,
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await page.keyboard.press('Enter');
    await expect.poll(() => result().isVisible()).toBe(true);
    expect(await result().innerText()).toContain('dropped.zip');
  });

  test('lets a verification be cancelled, and another begin', async () => {
    await page.getByLabel('Pack', { exact: true }).setInputFiles(packFile(zipPack(buildPack({ filler: 3000 }).files)));
    // Pressed before the worker has said anything.
    await page.evaluate(`document.getElementById('verify').click(); document.getElementById('cancel').click()`);
    expect(await page.getByRole('status').innerText()).toBe('Cancelled. Nothing was verified.');
    expect(page.workers()).toEqual([]);
    expect(await page.getByRole('button', { name: 'Cancel' }).isVisible()).toBe(false);
    expect(await verify(zipPack(honest.files), { keys: given })).toBe('Everything in this pack holds.');
  });
});

test('no request can leave the page or its worker, and no text can become code', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await context.setOffline(false);
  await fetch(`http://127.0.0.1:${port}/from-the-test`);
  const attempt = `
    const url = 'http://127.0.0.1:${port}/';
    const ends = [fetch(url + 'fetch').then(() => 'sent', () => 'refused')];
    ends.push(new Promise((done) => {
      const socket = new WebSocket('ws://127.0.0.1:${port}/socket');
      socket.onerror = () => done('refused');
      socket.onopen = () => done('sent');
    }).catch(() => 'refused'));`;
  const onPage = `(async () => { ${attempt}
    ends.push(new Promise((done) => {
      const image = new Image();
      image.onerror = () => done('refused');
      image.onload = () => done('sent');
      image.src = url + 'image';
    }));
    try { document.body.innerHTML = '<p>markup</p>'; ends.push('markup'); } catch { ends.push('refused'); }
    return Promise.all(ends);
  })()`;
  expect(await page.evaluate(onPage)).toEqual(['refused', 'refused', 'refused', 'refused']);

  // The worker is kept after it has answered.
  await page.evaluate(`Worker.prototype.terminate = () => {}`);
  await verify(zipPack(honest.files));
  const [worker] = page.workers();
  expect(await worker?.evaluate(`(async () => { ${attempt} return Promise.all(ends); })()`)).toEqual([
    'refused',
    'refused',
  ]);
  await new Promise((done) => server.close(done));
  expect(seen).toEqual(['/from-the-test']);
  // The browser tells of each of these attempts.
  asked = [];
});

function packFile(pack: Uint8Array) {
  return { name: 'pack.zip', mimeType: 'application/zip', buffer: Buffer.from(pack) };
}
