import type { Review } from '../../domain/review.ts';
import { rowOf, type Row } from '../../domain/row.ts';
import type { Layout } from '../../templates/layout.ts';

// Of the usual form, and nobody's: the id of a record ends in digits of a digest, which are never all zero.
const recordId = 'SEC-0000000000000000';

const somebody = { id: 1, username: 'reviewer', name: 'A reviewer' };

const review: Review = {
  reference: 'group/project!1',
  title: 'A change',
  webUrl: 'https://gitlab.example/group/project/-/merge_requests/1',
  project: 'group/project',
  iid: 1,
  sourceBranch: 'a-change',
  targetBranch: 'main',
  author: somebody,
  createdAt: '2026-01-01T00:00:00.000Z',
  labels: ['security'],
  reviewers: [{ account: somebody, state: 'approved', approvedAt: '2026-01-01T00:00:00.000Z' }],
  mergedAt: '2026-01-01T00:00:00.000Z',
  mergedBy: somebody,
  ticket: { kind: 'none' },
};

const verdict = { overall: 'pass', checks: [] } as const;

/** A row as the service writes them, to try on a page without writing it. */
export function sampleRow(layout?: Layout): Row {
  return layout === undefined ? rowOf(review, recordId, verdict) : layout.rowOf(review, recordId, verdict).row;
}
