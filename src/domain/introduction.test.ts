import { expect, test } from 'vitest';
import { introductionOf } from './introduction.ts';

const name = {
  origin: 'countersign.example/log',
  verifierKey: 'countersign.example/log+0a1b2c3d+AWFiY2Q=',
  checkpointUrl: 'https://countersign.example/log/checkpoint',
};

test('one paragraph names the log, its key and where its newest head is, and says why', () => {
  const paragraphs = introductionOf(name);
  expect(paragraphs).toHaveLength(1);
  expect(paragraphs[0]!.map(({ text }) => text).join('')).toBe(
    'The records in this table are sealed in the log countersign.example/log; its newest head is at ' +
      'https://countersign.example/log/checkpoint. Its key when this table was made: ' +
      'countersign.example/log+0a1b2c3d+AWFiY2Q=. ' +
      'Each row names a head of it, because a log that is rewritten later cannot have the heads that stand here.',
  );
  expect(paragraphs[0]).toContainEqual({ kind: 'link', text: name.checkpointUrl, url: name.checkpointUrl });
});

test('where the log is not served, the paragraph leads nowhere', () => {
  const [line] = introductionOf({ ...name, checkpointUrl: null });
  expect(line!.filter(({ kind }) => kind === 'link')).toEqual([]);
  expect(line!.map(({ text }) => text).join('')).toContain('sealed in the log countersign.example/log. Its key');
});
