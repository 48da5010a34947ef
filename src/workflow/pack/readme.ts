import { formatVerifierKey, shortHead, type PackScope, type Primitives } from '@countersign/ledger';
import type { PackHead } from './pack-log.ts';

export interface ReadmeFacts {
  readonly at: Date;
  readonly product: string;
  readonly scope: PackScope;
  readonly head: PackHead;
  readonly changes: number;
  /** How many changes have which verdict. */
  readonly verdicts: ReadonlyMap<string, number>;
  /** Concealed values that nothing opens any more. */
  readonly erased: number;
}

/** `README.md` of a pack: what it is, what it proves and what not, and how to find out, with us and without. */
export function packReadme(p: Primitives, facts: ReadmeFacts): string {
  const { at, product, head, changes, verdicts, erased } = facts;
  const { newest, keys } = head.history;
  const counts = [...verdicts].toSorted(([left], [right]) => (left < right ? -1 : 1));
  const told = counts.map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  const key = formatVerifierKey(p, newest);
  return `# Security reviews, sealed

${sentenceOf(facts.scope)} Made ${at.toISOString()} by ${product}.

| | |
| --- | --- |
| changes | ${changes}${told === '' ? '' : `: ${told}`} |
| log | ${head.origin} |
| head | ${head.size} entries, ${shortHead(head)} |
| key | ${key} |
${keys.length > 1 ? `\nThe log had ${keys.length} keys one after another; each was signed in by the one before (\`keys.txt\`).\n` : ''}
**Compare the key with one that you have from elsewhere**: what \`countersign keys\` printed for you earlier, an earlier pack, or
the audit page where Countersign made its table. Whoever made this file could have made its key as well. Compare the head with
those in the confirmations in Slack and in the rows of the page, and keep it: a later pack of this log has to begin with it.

## What it proves, and what not

It proves that what stands here is what was sealed, when it was sealed as the log tells, that nothing in the log was changed,
taken out or moved since, and, by \`index.csv\`, which verdict each change has.${completeness(facts.scope)}

It does not prove that GitLab told the truth, that a review was a good one, or that every merge came to the log.

## What is in it

| file | what |
| --- | --- |
| \`index.csv\` | one line for each change |
| \`changes/<record id>/\` | record, verdicts, where it was published, what the record conceals, what GitLab answered and sent |
| \`statements/\` | the log's other sealed statements: keys, rules, lists, actions, heartbeats, journal roots |
| \`policies/\` | the policies that verdicts were judged by |
| \`log/\`, \`keys.txt\`, \`keys/\` | the whole log, and its keys |
| \`timestamps/\` | what a time-stamping authority said of the log's heads, where there was one |
| \`SHA256SUMS\`, \`pack.envelope.json\` | the digest of all of it, signed |

Records name nobody in the open. \`disclosures.json\` holds the names and texts behind their digests. ${erasure(erased)}

## Verify

With Countersign, without network or database, and with the key that you have from elsewhere:

    countersign verify pack.zip --key '${key}'

Or open \`verify.html\` in a browser (\`npm run build:page\` in a clone of Countersign makes it), and drop the pack on it; it
sends nothing anywhere. Add \`--since\` and a head that you kept to see that the log has only grown.

## Verify without us

In the unpacked pack, with the tools of any Linux, each digest:

\`\`\`sh
sha256sum --quiet -c SHA256SUMS
for folder in changes/*/; do (cd "$folder" && sha256sum --quiet -c SHA256SUMS) || echo "BAD $folder"; done
\`\`\`

That the list of digests is the one that was signed: the two lines are the same.

\`\`\`sh
sha256sum < SHA256SUMS | cut -d ' ' -f 1
jq -j .payload pack.envelope.json | base64 -d | jq -r '.subject[0].digest.sha256'
\`\`\`

By whom, with OpenSSL 3 and \`key.pem\`: the newest key of the log, the last of \`keys.txt\`, in the form of \`keys/*.pem\`. Where the
one that you have from elsewhere is an older one, see first that it signed the next one in: the statement in \`statements/\` that
names both (\`.predicate.old\` and \`.predicate.new\`) verifies with either.

\`\`\`sh
jq -j .payload pack.envelope.json | base64 -d > payload
type=$(jq -j .payloadType pack.envelope.json)
{ printf 'DSSEv1 %d %s %d ' "$(printf %s "$type" | wc -c)" "$type" "$(wc -c < payload)"; cat payload; } > signed
jq -j '.signatures[0].sig' pack.envelope.json | base64 -d > signature
openssl pkeyutl -verify -rawin -pubin -inkey key.pem -sigfile signature -in signed
\`\`\`

Every \`*.envelope.json\` is signed in the same way, and stands in its \`*.bundle.json\` for the verifiers of Sigstore. Every
\`*.tlog-proof\` leads from \`*.leaf.json\` to \`log/checkpoint\`, a signed note as Go's \`sumdb/note\` and \`sumdb/tlog\` read it. The
programs for both, a page each, are in https://github.com/countersign/countersign/blob/main/ledger/README.md#verify-without-us

A time stamp, with a root certificate of the authority:

    openssl ts -verify -in timestamps/SIZE.tsr -data timestamps/SIZE.checkpoint -CAfile root.pem
`;
}

function sentenceOf(scope: PackScope): string {
  const list =
    'population' in scope ? `the list that entry ${scope.population} of the log sealed (\`population.json\`)` : '';
  if (scope.kind === 'all') return 'Every change that the log holds.';
  if (scope.kind === 'changes') return 'Some changes, as somebody chose them.';
  return scope.kind === 'period' ? `All changes of ${list}.` : `A sample of ${list}, drawn as \`sample.json\` says.`;
}

function completeness({ kind }: PackScope): string {
  if (kind === 'all') return ' No change that the log holds is missing.';
  if (kind === 'changes') return ' Which changes are missing it does not say.';
  const chosen =
    kind === 'sample'
      ? ' The sample was drawn from it with the nonce in `sample.json`. That has to be the one which the auditor named after the list was sealed: with another, the operator could have chosen the sample.'
      : '';
  return ` No change of the sealed list is missing or was added later.${chosen}`;
}

function erasure(erased: number): string {
  if (erased === 0) return 'None of them has been erased.';
  const values = erased === 1 ? 'One of them has' : `${erased} of them have`;
  return `${values} been erased: their digests are still in the records, and nothing opens them any more.`;
}
