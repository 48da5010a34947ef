import type { Account } from '../domain/evidence.ts';
import { headMark, type LogHead } from '../domain/log-head.ts';
import type { Review, ReviewedBy } from '../domain/review.ts';
import { shortfallLines, shortfallOf } from '../domain/shortfall.ts';
import { summaryLine } from '../domain/summary-line.ts';
import type { Summary } from '../domain/summary.ts';
import { readable } from '../domain/text.ts';
import type { CheckResult, Verdict } from '../domain/verdict.ts';
import { placeholders, type Wholes } from './marked.ts';
import type { Values } from './model.ts';

/** What is known of a change when its row or its confirmation is laid out. */
export interface Subject {
  readonly review: Review;
  readonly recordId: string;
  readonly recordUrl: string;
  readonly verdict: Verdict;
  readonly pod: string | null;
  readonly issue: Partial<NonNullable<Values['issue']>> | null;
  readonly rowUrl: string | null;
  readonly head: LogHead | null;
  readonly entry: number | null;
  readonly summary: Summary | null;
}

/** The values that a template can name. All text is readable already, so none of it holds a character of control. */
export function valuesOf(subject: Subject): Values {
  const { review, verdict, issue, summary } = subject;
  const labels = listed(review.labels).map((label) => readable(label));
  const reviewers = review.reviewers === null ? null : listed(review.reviewers).map(reviewerOf);
  const shortfall = shortfallOf(verdict);
  return {
    change: {
      reference: readable(review.reference),
      title: readable(review.title),
      url: readable(review.webUrl, longestAddress),
      project: readable(review.project),
      iid: review.iid,
      source_branch: readable(review.sourceBranch),
      target_branch: readable(review.targetBranch),
      author: personOf(review.author),
      created_at: orNull(review.createdAt),
      merged_by: personOf(review.mergedBy),
      merged_at: orNull(review.mergedAt),
      labels,
    },
    labels,
    reviewers,
    approvers: reviewers?.filter(({ state }) => state === 'approved') ?? null,
    verdict: {
      overall: verdict.overall,
      summary: orNull(shortfallLines(verdict)[0]),
      failed: shortfall.filter((one) => one.verdict === 'fail').map(checkOf),
      undetermined: shortfall.filter((one) => one.verdict === 'undetermined').map(checkOf),
    },
    issue:
      issue === null
        ? null
        : {
            identifier: orNull(issue.identifier),
            url: orNull(issue.url),
            title: orNull(issue.title),
            closed: issue.closed ?? null,
          },
    record: { id: subject.recordId, url: subject.recordUrl },
    row: { url: orNull(subject.rowUrl) },
    log: { head: subject.head === null ? null : placeholders.head, entry: subject.entry },
    pod: orNull(subject.pod),
    // Never without the mark: what a machine wrote must not read as a finding of the review.
    summary: summary === null ? null : { text: placeholders.summary, model: readable(summary.model, 80) },
  };
}

/** What the placeholders among the values stand for. */
export function wholesOf({ head, summary }: Pick<Subject, 'head' | 'summary'>): Wholes {
  return {
    ...(head === null ? {} : { head: headMark(head).at(-1)!.text }),
    ...(summary === null ? {} : { summary: summaryLine(summary)[0]!.text }),
  };
}

/** What no cell could show anyway is not rendered: a merge request may have as many labels as somebody likes. */
export const mostListed = 200;
const longestAddress = 2000;

function listed<T>(items: readonly T[]): readonly T[] {
  return items.slice(0, mostListed);
}

function personOf(account: Pick<Account, 'name' | 'username'> | null) {
  return account === null ? null : { name: readable(account.name, 100), username: readable(account.username, 100) };
}

function reviewerOf({ account, state, approvedAt }: ReviewedBy) {
  return {
    name: readable(account.name, 100),
    username: readable(account.username, 100),
    state: readable(state, 50),
    approved_at: orNull(approvedAt),
  };
}

function checkOf({ id, name, reason, sentence }: CheckResult) {
  return { id, name, reason, sentence: readable(sentence) };
}

function orNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : readable(text, longestAddress);
}
