import type { ChangeReport } from '../compose.ts';
import { canonicalJson } from '@countersign/ledger';
import { createHash } from 'node:crypto';
import type { Sandbox } from '../sandbox/sandbox.ts';

/**
 * Looks at the vendors, and not at what we believe we did: is the record what its digest says, did the review pass, is
 * the issue completed and tagged, and are there exactly one row and one message? Says what is not as it should be.
 */
export function verifyEffects(sandbox: Sandbox, report: ChangeReport): string[] {
  return [
    ...checkStages(report),
    ...checkRecord(report),
    ...checkVerdict(report),
    ...checkIssue(sandbox, report),
    ...checkRow(sandbox, report),
    ...checkMessage(sandbox, report),
  ];
}

function checkStages({ stages }: ChangeReport): string[] {
  return stages
    .filter(({ outcome }) => outcome !== 'done')
    .map(({ stage, outcome }) => `the stage ${stage} ended as ${outcome}`);
}

function checkRecord({ record, record_sha256: digest }: ChangeReport): string[] {
  const canonical = canonicalJson(record);
  const actual = createHash('sha256').update(canonical).digest('hex');
  return actual === digest ? [] : ['the record does not have the digest it was sealed with'];
}

function checkVerdict({ verdict }: ChangeReport): string[] {
  if (verdict.overall === 'pass') return [];
  const open = verdict.checks.filter((check) => check.blocking && !['pass', 'not_applicable'].includes(check.verdict));
  return [`the verdict is ${verdict.overall}`, ...open.map(({ id, sentence }) => `${id}: ${sentence}`)];
}

function checkIssue(sandbox: Sandbox, { links }: ChangeReport): string[] {
  const issue = sandbox.linear.issues().find(({ url }) => url === links.linear);
  if (issue === undefined) return ['there is no linked issue'];
  return [
    ...(issue.state.type === 'completed' ? [] : [`the issue ${issue.identifier} is not completed`]),
    ...(issue.labels.some(({ name }) => name === 'audited') ? [] : [`the issue ${issue.identifier} is not tagged`]),
  ];
}

function checkRow(sandbox: Sandbox, { record_id: recordId }: ChangeReport): string[] {
  const rows = sandbox.confluence
    .pages()
    .flatMap(({ id }) => sandbox.confluence.render(id).tables)
    .flatMap(({ rows }) => rows)
    .filter(({ cells }) => cells.some(({ text }) => text.includes(recordId)));
  return rows.length === 1 ? [] : [`there are ${rows.length} rows instead of one`];
}

function checkMessage(sandbox: Sandbox, { record_id: recordId }: ChangeReport): string[] {
  const messages = sandbox.slack
    .channels()
    .flatMap(({ id }) => sandbox.slack.messages(id))
    .filter(({ own, rendered }) => own && rendered.plain.includes(recordId));
  return messages.length === 1 ? [] : [`there are ${messages.length} messages instead of one`];
}
