import type { Json } from '@countersign/ledger';
import { describe, expect, test } from 'vitest';
import { camelCase, fromForm, isErased, snakeCase, toForm } from './record-form.ts';

const conceal = (text: string): Json => ({ concealed: `digest of ${text}` });
const form = (value: unknown) => toForm(value, conceal, 'value');

describe('the form of a value', () => {
  test('has its keys in snake case, and leaves out what is absent', () => {
    expect(form({ mergedAt: null, isDraft: false, state: undefined })).toEqual({ merged_at: null, is_draft: false });
  });

  test('conceals every text that is not known to be open', () => {
    expect(form({ state: 'merged', invented: 'by somebody', lines: ['typed'] })).toEqual({
      state: 'merged',
      invented: { concealed: 'digest of by somebody' },
      lines: [{ concealed: 'digest of typed' }],
    });
  });

  test('opens some keys under one parent only: the name of a label is open, the name of a person is not', () => {
    expect(form({ label: { name: 'security' }, user: { name: 'Bo Chen' } })).toEqual({
      label: { name: 'security' },
      user: { name: { concealed: 'digest of Bo Chen' } },
    });
    expect(form({ labelIds: [{ title: 'security' }], title: 'Fix' })).toEqual({
      label_ids: [{ title: 'security' }],
      title: { concealed: 'digest of Fix' },
    });
  });

  test('lists by time, then by id, whatever order the listing had', () => {
    const late = { id: 1, createdAt: '2026-09-21T10:00:00.000Z' };
    const early = { id: 3, createdAt: '2026-09-21T09:00:00.000Z' };
    const tied = { id: 2, createdAt: '2026-09-21T09:00:00.000Z' };
    const listed = [tied, early, late].map(({ id, createdAt }) => ({ id, created_at: createdAt }));
    expect(form([late, early, tied])).toEqual(listed);
    expect(form([early, late, tied])).toEqual(listed);
    expect(form([10, 9, 100])).toEqual([9, 10, 100]);
  });

  test('keeps the order of what has one: the parents of a commit, the pages of an answer', () => {
    expect(form({ parents: ['b', 'a'], labels: ['b', 'a'] })).toEqual({ parents: ['b', 'a'], labels: ['a', 'b'] });
  });

  test('conceals in the order of names, whatever the order in which members were set', () => {
    const order: string[] = [];
    const note = (text: string): Json => {
      order.push(text);
      return {};
    };
    toForm({ name: 'second', body: 'first' }, note);
    expect(order).toEqual(['first', 'second']);
  });

  test('is refused to what no record can hold', () => {
    expect(() => form({ open: () => true })).toThrow(TypeError);
  });
});

describe('reading a form back', () => {
  test('opens what was concealed, and gives the keys back', () => {
    const value = { mergedAt: null, user: { id: 13, name: 'Bo Chen' }, labels: ['security'] };
    const open = (digest: string): Json => digest.replace('digest of ', '');
    expect(fromForm(form(value), open)).toEqual(value);
  });

  test('marks what was erased: equal where it was equal, and like no text that anybody typed', () => {
    const digest = 'ab'.repeat(32);
    const [left, right, other] = [{ concealed: digest }, { concealed: digest }, { concealed: 'cd'.repeat(32) }].map(
      (one) => fromForm(one, () => undefined),
    );
    expect(left).toBe(right);
    expect(left).not.toBe(other);
    expect(isErased(String(left))).toBe(true);
    for (const typed of ['', 'erased:', 'erased: by me', 'Bo Chen']) expect(isErased(typed)).toBe(false);
  });

  test('takes an empty text for an empty text', () => {
    expect(fromForm({ concealed: 'x' }, () => '')).toBe('');
  });
});

test.each([
  ['mergedAt', 'merged_at'],
  ['sha256', 'sha256'],
  ['approvalState', 'approval_state'],
  ['id', 'id'],
])('%s is %s in a record, and back', (camel, snake) => {
  expect(snakeCase(camel)).toBe(snake);
  expect(camelCase(snake)).toBe(camel);
});
