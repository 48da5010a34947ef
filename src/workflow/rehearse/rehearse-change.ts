import type { Json } from '@countersign/ledger';
import { isConnectorError } from '../../connectors/errors.ts';
import type { Afterwards } from '../../domain/afterwards.ts';
import { isEmergency } from '../../domain/emergency.ts';
import type { TicketFinding } from '../../domain/evidence.ts';
import type { LogHead } from '../../domain/log-head.ts';
import type { Confirmed, Message } from '../../domain/message.ts';
import type { RecordInput } from '../../domain/record.ts';
import { reviewOf } from '../../domain/review.ts';
import type { Row } from '../../domain/row.ts';
import type { Summary } from '../../domain/summary.ts';
import type { Change } from '../../storage/changes.ts';
import { judgeRecord } from '../judge-records.ts';
import { recordInputOf, sealRecord } from '../make-record.ts';
import { reportPeople, reportVerdict, type PersonReport, type VerdictReport } from '../report-verdict.ts';
import { changeLines, type ChangeReport } from '../report.ts';
import { placementOf } from '../stages/placement.ts';
import { notesOf } from './notes.ts';
import type { RehearsalParts } from './parts.ts';
import type { ReadChange } from './read-change.ts';

/** What would have become of a change, had it been taken up. Nothing of it stands anywhere. */
export interface Rehearsed {
  readonly change: ChangeReport['change'];
  readonly recordId: string;
  readonly outOfScope: ReadChange['outOfScope'];
  readonly verdict: VerdictReport;
  readonly people: readonly PersonReport[];
  readonly ticket: TicketFinding;
  readonly pod: string | null;
  readonly row: Row;
  readonly message: { readonly channel: string; readonly content: Message };
  readonly record: Json;
  /** What whoever reads this should know of it, a sentence each. */
  readonly notes: readonly string[];
}

/** What else is known of a change by then. */
export interface RehearsedBeside {
  readonly ticket: TicketFinding;
  /** Where its row would stand; null where none could be written. */
  readonly rowUrl: string | null;
  readonly summary?: Summary | null;
}

// Nothing is sealed here, and a template may show a head.
const exampleHead: LogHead = { size: 1, root: new Uint8Array(32) };

/** Runs a change through the code of the pipeline up to each of its effects, and makes none of them. */
export async function rehearseChange(
  parts: RehearsalParts,
  read: ReadChange,
  { ticket, rowUrl, summary = null }: RehearsedBeside,
): Promise<Rehearsed> {
  const { evidence } = read;
  const { rulebook } = parts;
  const { placement, notShown } = await placementOf(parts, read.change, evidence, ticket, { late: true });
  const { pod, channel } = placement;
  const change: Change = { ...read.change, pod, channel, ticket };

  const { answers, ...understood } = evidence;
  const record = recordInputOf(change, { evidence: understood, journal: [], answers }, rulebook);
  const sealed = sealRecord(change.id, record);
  const { afterwards, unread } = await readAfterwards(parts, change, record);
  const judged = judgeRecord(rulebook, { changeId: change.id, record, recordSha256: sealed.sha256 }, afterwards);

  const review = reviewOf(change.event, understood, ticket);
  const layout = parts.layoutOf(change.event.project.path);
  const { recordId } = change;
  const laid = layout.rowOf(review, recordId, judged, null, { pod, summary });
  const told = layout.confirmationOf(
    { recordId, review, verdict: judged, rowUrl, issue: closedIssueOf(ticket), pod, summary },
    exampleHead,
  );

  const disclosures = new Map(sealed.disclosures.map(({ digest, value }) => [digest, value]));
  const verdict = reportVerdict({ ...judged, judgedAt: new Date(afterwards.asOf) });
  return {
    change: changeLines(change),
    recordId,
    outOfScope: read.outOfScope,
    verdict,
    people: reportPeople(verdict, { ...sealed, keyText: change.keyText, recordId, pod, disclosures }),
    ticket,
    pod,
    row: laid.row,
    message: { channel, content: told.message },
    record: JSON.parse(sealed.canonical.toString()),
    notes: notesOf({ read, ticket, notShown, faults: [...laid.faults, ...told.faults], lateReviewsUnread: unread }),
  };
}

// Of the issue that was closed, a confirmation knows no more than its id and its address.
function closedIssueOf(ticket: TicketFinding): Confirmed['issue'] {
  if (ticket.kind !== 'found') return null;
  const { identifier, url } = ticket.issue;
  return { identifier, url };
}

// Only an emergency is judged by what came after its merge.
async function readAfterwards(
  parts: RehearsalParts,
  { key, mergedAt }: Change,
  record: RecordInput,
): Promise<{ readonly afterwards: Afterwards; readonly unread: boolean }> {
  const asOf = parts.now().toISOString();
  const { policy } = parts.rulebook;
  if (mergedAt === null || !isEmergency(record, policy)) return { afterwards: { asOf, reviews: [] }, unread: false };
  try {
    const search = { after: mergedAt.toISOString(), prefix: policy.emergency.reviewPrefix };
    const { reviews } = await parts.gitlab.readLateReviews({ projectId: key.projectId, iid: key.iid }, search);
    return { afterwards: { asOf, reviews }, unread: false };
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return { afterwards: { asOf, reviews: [] }, unread: true };
  }
}
