import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const fixture = join(import.meta.dirname, '../../src/connectors/gitlab/fixtures/webhooks/merge-19.json');

/**
 * What is sent: `ignored` one and the same merge without a label of ours; `merges` a new merge in scope each time;
 * `events` what happens to merge requests in scope, of which every tenth event is a merge.
 */
export type Kind = 'ignored' | 'merges' | 'events';

const eventsForEachMerge = 10;

/** Makes a source of signed requests, as bytes for the wire. */
export function createRequests(kind: Kind, signingToken: string, first: number): () => Buffer {
  const key = Buffer.from(signingToken.replace('whsec_', ''), 'base64');
  let number = first;
  if (kind === 'ignored') {
    const request = wire(key, 'out-of-scope', bodyOf(1, 'documentation', 'merge'));
    return () => request;
  }
  return () => {
    const event = number++;
    const isMerge = kind === 'merges' || event % eventsForEachMerge === 0;
    return wire(key, `event-${event}`, bodyOf(event, 'security::payments', isMerge ? 'merge' : 'approved'));
  };
}

const templates = new Map<string, readonly [before: string, after: string]>();

// A body as GitLab sends it. Only what tells one from another changes: the load is not to be slower than the server.
function bodyOf(iid: number, label: string, action: 'merge' | 'approved'): string {
  const name = `${action} ${label}`;
  let template = templates.get(name);
  if (template === undefined) {
    const event = JSON.parse(readFileSync(fixture, 'utf8'));
    Object.assign(event.object_attributes, { iid: '@iid@', action, target_branch: 'main' });
    if (action !== 'merge') event.object_attributes.state = 'opened';
    event.project.path_with_namespace = 'acme/payments';
    for (const one of [...event.labels, ...event.object_attributes.labels]) one.title = label;
    delete event.changes?.labels;
    const [before = '', after = ''] = JSON.stringify(event).split('"@iid@"');
    template = [before, after];
    templates.set(name, template);
  }
  return `${template[0]}${iid}${template[1]}`;
}

function wire(key: Buffer, id: string, body: string): Buffer {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const head = [
    'POST /webhooks/gitlab HTTP/1.1',
    'Host: countersign.example',
    'Content-Type: application/json',
    'User-Agent: GitLab/19.0.0',
    'X-Gitlab-Event: Merge Request Hook',
    'X-Gitlab-Instance: https://gitlab.example',
    `Idempotency-Key: ${id}`,
    `Webhook-Id: ${id}`,
    `Webhook-Timestamp: ${timestamp}`,
    `Webhook-Signature: v1,${signature}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
