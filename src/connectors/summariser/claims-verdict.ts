/**
 * True for text that reads as if it judged the change. Row and confirmation hold the verdict of the policy: what a model writes
 * must not be taken for it. Words of other languages are known as far as they are listed; too many is the safe side.
 */
export function claimsVerdict(text: string): boolean {
  // What looks alike reads alike: full-width letters, accents and what hides between letters are taken away.
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[\p{Mn}\p{Cf}]/gu, '')
    .replaceAll(/\s+/g, ' ');
  return shouted.test(plain) || claims.some((claim) => claim.test(plain.toLowerCase()));
}

/** Verdicts as this product writes them, and the numbers of its checks and records. */
const shouted = /\b(?:PASS|PASSED|FAIL|FAILED|UNDETERMINED|RC-\d{1,2}|CS-[A-Z0-9]{4,})\b/u;

const judged =
  '(?:reviews?|audits?(?! (?:logs?|trails?|events?|tables?|records?)\\b)|checks?|verdicts?|polic(?:y|ies)|controls?|inspections?|assessments?|scans?|gates?|requirements?)';

/** A few words, none of which begins another thought: a check for failed sign-ins is no failed check. */
const between = ' (?:(?!(?:to|for|from|in|into|on|with|by|of|that|when|if)\\b)[\\w-]+ ){0,4}';

const claims = [
  /approv/u,
  /\blgtm\b|\bsigned[- ]?off\b|\bsign[- ]?off\b/u,
  /complian(?:t|ce)|\bcompl(?:y|ies|ied) with\b|\bconform(?:s|ant|ing)?\b/u,
  /\bverdict\b|\bcertif(?:y|ies|ied)\b|\baudited\b|\bvetted\b/u,
  /(?<![\w-])safe(?:ly)? (?:to|for)\b/u,
  /\b(?:is|are|was|were|be|been|looks?|seems?|appears?|considered|deemed|found|now) (?:\w+ly |now |very |quite )?(?:safe|secure|harmless|clean|fine|good|ok|okay|acceptable|low[- ]risk|risk[- ]free)\b/u,
  /\blooks (?:good|fine|safe|ok)\b|\bgood to (?:go|merge)\b|\bready (?:to|for) (?:be )?(?:merge|merged|release|deploy|production)/u,
  new RegExp(
    `\\b(?:pass(?:es|ed|ing)?|fail(?:s|ed|ing)?|meets?|met|satisf(?:y|ies|ied)|fulfill?(?:s|ed)?|violat(?:e|es|ed))${between}${judged}\\b`,
    'u',
  ),
  new RegExp(
    `\\b${judged}${between}(?:pass(?:es|ed)?|fail(?:s|ed)?|succeed(?:s|ed)?|successful|satisfied|complete|completed|done|waived|exempt(?:ed)?)\\b`,
    'u',
  ),
  /\b(?:has|have|had|was|were|been|is|are|fully|properly|thoroughly|independently|carefully|security|peer)[- ]reviewed\b|\breviewed (?:and|by|with|without)\b/u,
  /\b(?:no|without|zero|free of)\b (?:\w+ ){0,3}(?:issues?|concerns?|findings?|risks?|vulnerabilit(?:y|ies)|problems?|objections?|impact)\b/u,
  /\b(?:needs?|requires?) no (?:\w+ )?(?:review|audit|check)/u,
  /\bauthori[sz]ed (?:by|for) \w+|\b(?:accepted|rejected|cleared) (?:by|for) (?:security|the|merge|release|production)/u,
  // German, French, Spanish, Portuguese, Italian, Dutch, Scandinavian, Polish, Russian, Chinese, Japanese, Korean
  /genehmig|freigegeben|freigabe|unbedenklich|konform|abgenommen|bestanden/u,
  /approuv|conforme|valide par|sans risque/u,
  /aprobad|aprovad|aprobacion|aprovacao|approvat|seguro para|sicuro da/u,
  /goedgekeurd|godkand|godkend|godkjent|zatwierdzon/u,
  /одобрен|утвержден|соответствует требованиям/u,
  /批准|通过审|審查通過|合规|承認|準拠|승인|준수/u,
];
