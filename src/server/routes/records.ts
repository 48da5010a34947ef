import type { FastifyInstance } from 'fastify';
import { isRecordId } from '../../domain/name.ts';
import type { Commitments } from '../../storage/commitments.ts';
import { refusal } from '../errors.ts';

export interface RecordParts {
  /** Undefined where no such record has been sealed. */
  readonly readCommitments: (recordId: string) => Promise<Commitments | undefined>;
}

/**
 * What anybody may see of a record: that it was sealed, when, and by which digest it is bound. Nothing that it holds, and
 * nothing of its verdict, not even a digest: there are so few verdicts that one could be guessed. Links on issues lead
 * here, and whoever opens one has not signed in.
 */
export function addRecordRoutes(app: FastifyInstance, { readCommitments }: RecordParts): void {
  app.get<{ Params: { id: string } }>('/records/:id', async (request, reply) => {
    const { id } = request.params;
    void reply.header('cache-control', 'no-store').header('vary', 'accept');
    const found = isRecordId(id) ? await readCommitments(id) : undefined;
    if (found === undefined) {
      const { status, body } = refusal('not_found');
      return reply.code(status).send(body);
    }
    const shown = shownOf(found);
    if (request.headers.accept?.includes('text/html') !== true) return reply.send(shown);
    return reply.type('text/html; charset=utf-8').send(pageOf(shown));
  });
}

interface Shown {
  readonly record_id: string;
  readonly sealed_at: string;
  readonly record_sha256: string;
  readonly whole_record: string;
}

function shownOf({ recordId, sealedAt, recordSha256 }: Commitments): Shown {
  return {
    record_id: recordId,
    sealed_at: sealedAt.toISOString(),
    record_sha256: recordSha256,
    whole_record: `countersign show ${recordId} --json`,
  };
}

// Ids, digests, times and numbers of our own: nothing here is foreign text.
function pageOf(shown: Shown): string {
  const rows = [
    ['Record', shown.record_id],
    ['Sealed', shown.sealed_at],
    ['SHA-256 of the record', shown.record_sha256],
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${shown.record_id}</title>
<h1>Security review ${shown.record_id}</h1>
<dl>
${rows.map(([term, text]) => `<dt>${term}</dt><dd><code>${text}</code></dd>`).join('\n')}
</dl>
<p>To see the whole record, run <code>${shown.whole_record}</code> where Countersign runs.</p>
</html>
`;
}
