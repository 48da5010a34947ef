import { expect, test } from 'vitest';
import { mergeDraft } from './merge-draft.ts';

const base = '<h1>Audit</h1><p>intro</p><table><tbody><tr>1</tr></tbody></table>';
const published = base.replace('</tbody>', '<tr>2</tr></tbody>');

test('changes in different places are both kept', () => {
  expect(mergeDraft(base, base.replace('intro', 'my words'), published)).toBe(published.replace('intro', 'my words'));
});

test('changes in the same place do not fit', () => {
  expect(mergeDraft(base, base.replace('</tbody>', '<tr>mine</tr></tbody>'), published)).toBeUndefined();
});

test('a side without changes takes over the other', () => {
  expect(mergeDraft(base, base, published)).toBe(published);
  expect(mergeDraft(base, 'mine', base)).toBe('mine');
});
