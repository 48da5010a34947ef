/** An issue that a text names. Links also say in which workspace it stands; a bare identifier does not. */
export interface Mention {
  /** In upper case, as Linear writes it. */
  readonly identifier: string;
  readonly workspace: string | null;
}

/** Which issues a merge request names, by how it names them. */
export interface Mentions {
  /** Identifiers in the branch name. */
  readonly branch: readonly Mention[];
  /** After a closing word: `Fixes SEC-1, SEC-2`. */
  readonly closing: readonly Mention[];
  /** After a word that links without closing, or bare in the title. */
  readonly linking: readonly Mention[];
  /** Links to an issue with no such word before them. */
  readonly links: readonly Mention[];
  /** After `skip` or `ignore`: not linked, wherever else they stand. */
  readonly ignored: ReadonlySet<string>;
}

/** `SEC` of `SEC-123`. */
export function keyOf(identifier: string): string {
  return identifier.slice(0, identifier.indexOf('-'));
}

type Intent = 'closing' | 'linking' | 'ignoring' | 'none';

interface Token extends Mention {
  readonly intent: Intent;
  readonly link: boolean;
}

const identifier = '[A-Z][A-Z0-9]{0,9}-[1-9][0-9]{0,6}';

const inBranch = new RegExp(`(?<![\\p{L}\\p{N}])${identifier}(?![\\p{L}\\p{N}])`, 'giu');

// An issue link, any other link (so that nothing inside it is taken for an identifier), or an identifier.
const inText = new RegExp(
  [
    `https://linear\\.app/(?<workspace>[\\w-]{1,64})/issue/(?<linked>${identifier})(?!\\w)[^\\s()<>\\[\\]"'|]*`,
    'https?://[^\\s()<>\\[\\]"\']+',
    `(?<![\\p{L}\\p{N}_.-])(?<bare>${identifier})(?![\\p{L}\\p{N}_]|[.-]\\d)`,
  ].join('|'),
  'giu',
);

// The words of Linear's Git integrations.
const magicWord = new RegExp(
  '(?<![\\p{L}\\p{N}_-])(?:' +
    '(?<closing>close[sd]?|closing|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|complet(?:e[sd]?|ing)|' +
    'implement(?:s|ed|ing)?|linear\\s{1,3}issue)|' +
    '(?<linking>refs?|references|part\\s{1,3}of|related\\s{1,3}to|relates\\s{1,3}to|' +
    'contributes\\s{1,3}to|towards?)|' +
    '(?<ignoring>skip|ignore)' +
    ')\\s{0,3}:?\\s{0,3}[(\\[<*_`"\'#]{0,4}$',
  'iu',
);

// What may stand between two issues that share a word: `SEC-1, SEC-2 and SEC-3`; and within `[SEC-1](https://…)`.
const listed = /^[\])>*_`"']{0,4}\s{0,3}(?:,\s{0,3}(?:and\s{1,3}|&\s{0,3})?|and\s{1,3}|&\s{0,3})[([<*_`"'#]{0,4}$/i;
const linkOf = /^[*_`]{0,4}\]\(<?$/;

const mostPerList = 20;

/** Reads which issues a merge request names, after the rules of Linear's own Git integrations. */
export function readMentions(mergeRequest: {
  readonly sourceBranch: string;
  readonly title: string;
  readonly description: string;
}): Mentions {
  const inTitle = tokensOf(mergeRequest.title);
  const tokens = [...inTitle, ...tokensOf(withoutComments(mergeRequest.description))];
  const ignored = new Set(tokens.filter(({ intent }) => intent === 'ignoring').map(({ identifier }) => identifier));
  const branch = Array.from(mergeRequest.sourceBranch.matchAll(inBranch), ([found]) => ({
    identifier: found.toUpperCase(),
    workspace: null,
  }));
  const pick = (mentions: readonly Mention[]): Mention[] => distinct(mentions, ignored);

  return {
    branch: pick(branch),
    closing: pick(tokens.filter(({ intent }) => intent === 'closing')),
    linking: pick([
      ...tokens.filter(({ intent }) => intent === 'linking'),
      ...inTitle.filter(({ intent, link }) => intent === 'none' && !link),
    ]),
    links: pick(tokens.filter(({ intent, link }) => intent === 'none' && link)),
    ignored,
  };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let intent: Intent = 'none';
  let end = 0;

  for (const match of text.matchAll(inText)) {
    const { workspace, linked, bare } = match.groups ?? {};
    const gap = text.slice(end, match.index);
    const continues = listed.test(gap) || linkOf.test(gap);
    // Never from within the token before: `https://x.example/fixes SEC-1` fixes nothing.
    if (!continues) intent = intentBefore(text.slice(Math.max(end, match.index - 40), match.index));
    end = match.index + match[0].replace(/[.,;:!?]+$/, '').length;

    const named = linked ?? bare;
    if (named !== undefined) {
      tokens.push({
        identifier: named.toUpperCase(),
        workspace: workspace?.toLowerCase() ?? null,
        intent,
        link: linked !== undefined,
      });
    }
  }
  return tokens;
}

function intentBefore(words: string): Intent {
  const groups = magicWord.exec(words)?.groups;
  if (groups?.['closing'] !== undefined) return 'closing';
  if (groups?.['linking'] !== undefined) return 'linking';
  return groups?.['ignoring'] === undefined ? 'none' : 'ignoring';
}

// Templates carry their instructions in comments (`<!-- e.g. Fixes ENG-123 -->`), which nobody sees.
// By hand, because a pattern would look for the end of every unclosed comment again.
function withoutComments(text: string): string {
  let visible = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('<!--', from);
    const end = start < 0 ? -1 : text.indexOf('-->', start + 4);
    if (end < 0) return visible + text.slice(from);
    visible += `${text.slice(from, start)} `;
    from = end + 3;
  }
}

function distinct(mentions: readonly Mention[], ignored: ReadonlySet<string>): Mention[] {
  const found = new Map<string, Mention>();
  for (const { identifier, workspace } of mentions) {
    if (found.size >= mostPerList) break;
    const key = `${workspace ?? ''}/${identifier}`;
    if (!ignored.has(identifier) && !found.has(key)) found.set(key, { identifier, workspace });
  }
  return [...found.values()];
}
