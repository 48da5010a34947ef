import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { templatesPage } from '../../tools/templates-page.ts';
import { Message, Row } from '../config/sections/layout.ts';

const committed = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8');

it('says what the code says; if not: npm run schema', () => {
  // Formatting fills columns up with spaces and dashes.
  const linesOf = (page: string): string[] =>
    page
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/[\s-]+/g, ' '));
  expect(linesOf(committed)).toEqual(linesOf(templatesPage()));
});

it('begins with an example that can be used', () => {
  const { row, message } = parse(/```yaml\n(.*?)```/s.exec(committed)![1]!) as { row: unknown; message: unknown };
  expect(Row.parse(row).columns.map(({ heading }) => heading)).toEqual(['Author', 'Verdict']);
  expect(Message.parse(message).template).toContain('approvers');
});
