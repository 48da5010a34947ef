import { readable } from '../../domain/text.ts';
import { ConnectorError, type ConnectorErrorCode } from '../errors.ts';
import type { ClosableIssue } from './schema.ts';

/** An issue as it was read back. */
export interface ClosedTicket {
  readonly id: string;
  readonly identifier: string;
  readonly url: string;
  readonly completedAt: string | null;
  readonly state: { readonly name: string; readonly type: string };
  readonly labels: readonly string[];
}

export type CloseResult =
  /** It is completed, labelled and carries the link; `changed` where we had to do something for it. */
  | { readonly kind: 'closed'; readonly issue: ClosedTicket; readonly changed: boolean }
  /** It will not be, until somebody changes something. */
  | { readonly kind: 'refused'; readonly code: ConnectorErrorCode; readonly message: string }
  /** It is not yet, and a repeat may do it. */
  | { readonly kind: 'error'; readonly error: ConnectorError };

/** What an issue still lacks. */
export interface Lack {
  readonly state: boolean;
  readonly label: boolean;
  readonly attachment: boolean;
}

/** What has to be written so that an issue is completed, labelled and carries the link. */
export function lackOf(issue: ClosableIssue, auditedLabel: string): Lack {
  const wanted = auditedLabel.toLowerCase();
  return {
    // A completed issue keeps its state, and with it the date: Linear's own integration may have been first.
    state: issue.state.type !== 'completed',
    label: !issue.labels.nodes.some(({ name }) => name.toLowerCase() === wanted),
    attachment: issue.attachments.nodes.length === 0,
  };
}

/** The result that can be told from an issue as it stands; undefined where something has to be written first. */
export function judgeTicket(
  issue: ClosableIssue | undefined,
  before: ClosableIssue | undefined,
  auditedLabel: string,
  written: boolean,
): CloseResult | undefined {
  // Private teams, deleted issues and unknown ids all look like this (visibility is not told apart from absence).
  if (issue === undefined) {
    return refused(
      'not_found',
      'The issue is not visible to this Linear credential: it was deleted, or its team is private',
    );
  }
  const name = readable(issue.identifier, 50);
  if (issue.trashed === true)
    return refused('unsuitable', `${name} lies in Linear's trash; restore it, or link another issue`);
  if (issue.state.type === 'canceled' || issue.state.type === 'duplicate') {
    return refused('unsuitable', `${name} is ${issue.state.type} in Linear; that is not overwritten`);
  }

  const lack = lackOf(issue, auditedLabel);
  if (lack.state || lack.label || lack.attachment) {
    if (!issue.archivedAt) return undefined;
    return refused(
      'unsuitable',
      `${name} is archived in Linear and lacks ${listed(lack)}; unarchive it, then try again`,
    );
  }

  const now = new Set(issue.labels.nodes.map(({ id }) => id));
  if (written && before?.labels.nodes.some(({ id }) => !now.has(id))) {
    return failed('conflict', `${name} lost a label while it was being closed in Linear`);
  }
  return { kind: 'closed', issue: closed(issue), changed: written };
}

/** The result of an issue whose team does not count: it is left as it is. */
export function judgeForeign(issue: ClosableIssue, keys: readonly string[]): CloseResult {
  const team = readable(issue.team.key, 20);
  const message = `${readable(issue.identifier, 50)} is in the Linear team ${team}, which linear.teams does not name; it names ${keys.join(', ')}`;
  return refused('refused', message);
}

/** The result of a write that Linear refused or that came to nothing. */
export function judgeFailure(
  issue: ClosableIssue,
  auditedLabel: string,
  error: ConnectorError | undefined,
): CloseResult {
  const name = readable(issue.identifier, 50);
  const lacks = listed(lackOf(issue, auditedLabel));
  if (error === undefined) return failed('conflict', `${name} was written in Linear, and still lacks ${lacks}`);
  return judgeError(error, `${name} lacks ${lacks}: ${error.message}`);
}

/** The result of an error that concerns one issue alone: an outage may pass, anything else is a refusal. */
export function judgeError(error: ConnectorError, message = error.message): CloseResult {
  const mayPass = error.code === 'server_error' || error.code === 'bad_response';
  return mayPass ? { kind: 'error', error } : refused(error.code, message);
}

/** A result that stands until somebody changes something. */
export function refused(code: ConnectorErrorCode, message: string): CloseResult {
  return { kind: 'refused', code, message };
}

function failed(code: ConnectorErrorCode, message: string): CloseResult {
  return { kind: 'error', error: new ConnectorError({ vendor: 'linear', code, message }) };
}

function listed(lack: Lack): string {
  const parts = [
    ...(lack.state ? ['a completed state'] : []),
    ...(lack.label ? ['the label'] : []),
    ...(lack.attachment ? ['the link'] : []),
  ];
  return parts.join(', ');
}

function closed(issue: ClosableIssue): ClosedTicket {
  return {
    id: issue.id,
    identifier: issue.identifier,
    url: issue.url,
    completedAt: issue.completedAt ?? null,
    state: { name: issue.state.name, type: issue.state.type },
    labels: issue.labels.nodes.map(({ name }) => name),
  };
}
