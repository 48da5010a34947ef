/**
 * Words that nobody needs for saying what a change does, and that read as a judgement of it. Written in one, also where they have
 * a hyphen or a space: that is how they are looked for.
 */
export const verdictWords: readonly string[] = [
  'approve approves approved approving approval approvals approver approvers preapproved',
  'pass passes passed passing lgtm ok oks oked okd okay okays okayed',
  'reviewed reviewer reviewers unreviewed',
  'allclear goahead greenlight greenlighted greenlit thumbsup nod blessed blessing',
  'signoff signoffs signedoff signsoff shipit mergeit goodtogo goodtomerge readytomerge',
  'vetted verified validated attested confirmed audited inspected examined proofread',
  'scrutinised scrutinized certified certifies accredited endorsed endorses endorsement',
  'ratified sanctioned cleared clearance verdict verdicts unanimous unanimously consensus',
  'safe safely secure secured securely riskfree harmless flawless spotless perfect',
  'compliant compliance conformant conforming lawful legit legitimate trustworthy',
  'acceptable satisfactory unobjectionable unproblematic impeccable favourable',
  'auditor auditors maintainer maintainers independent independently foureyes committee',
  'merge merged mergeable noissue noissues noproblem noproblems noconcern noconcerns',
  'noobjection noobjections nofinding nofindings norisk norisks nothingmissing nothingwrong',
].flatMap((line) => line.split(' '));

/** Verdicts as this product writes them, and the numbers of its checks. */
export const shouted = /\b(?:PASS|PASSED|FAIL|FAILED|UNDETERMINED|RC-\d{1,2}|CS-[A-Z0-9]{4,})\b/u;

const judged =
  '(?:reviews?|audits?(?! (?:logs?|trails?|events?|tables?|records?)\\b)|checks?|verdicts?|polic(?:y|ies)|controls?|inspections?|assessments?|verifications?|scans?|gates?|requirements?|criteria|standards?|expectations?)';

/** A few words, none of which begins another thought: a check for failed sign-ins is no failed check. */
const between = ' (?:(?!(?:to|for|from|in|into|on|with|by|of|that|when|if)\\b)[\\w-]+ ){0,4}';

/** What reads as a judgement of several words, in lower case and without accents. */
export const verdictPhrases: readonly RegExp[] = [
  /approv/u,
  /\bcompl(?:y|ies|ied) with\b|\bconform(?:s|ed)?\b/u,
  /\b(?:is|are|was|were|be|been|looks?|seems?|appears?|considered|deemed|found|now) (?:\w+ly |now |very |quite )?(?:clean|fine|good|sound|positive|low[- ]risk|trusted|in order)\b/u,
  /\blooks (?:good|fine)\b|\bgood to go\b|\bready (?:to|for) (?:be )?(?:release|deploy|production)/u,
  new RegExp(
    `\\b(?:fail(?:s|ed|ing)?|meets?|met|satisf(?:y|ies|ied)|fulfill?(?:s|ed)?|violat(?:e|es|ed)|clears?|withstands?|withstood)${between}${judged}\\b`,
    'u',
  ),
  new RegExp(
    `\\b${judged}${between}(?:fail(?:s|ed)?|succeed(?:s|ed)?|successful|satisfied|met|complete|completed|done|waived|exempt(?:ed)?|holds?|held)\\b`,
    'u',
  ),
  /\b(?:no|without|zero|free of|nothing) (?:\w+ ){0,3}(?:issues?|concerns?|findings?|risks?|vulnerabilit(?:y|ies)|problems?|objections?|impact|hesitation|reservations?|remarks?|blockers?|defects?|bugs?|regressions?|flaws?|weakness(?:es)?|doubts?)\b/u,
  /\bnothing (?:is |was |to )?(?:missing|wrong|amiss|object|worry)\b|\bbreaks? nothing\b/u,
  /\b(?:needs?|requires?) no (?:\w+ )?(?:review|audit|check)/u,
  /\bauthori[sz]ed (?:by|for) \w+|\b(?:accepted|rejected|checked|tested|seen|agreed|supported|backed|welcomed) (?:by|with|for) (?:\w+ ){0,3}(?:security|the|an?|all|both|two|three|several|many|every\w*|merge|release|production|engineers?|people|experts?|team)\b/u,
  /\b(?:was|were|been|got|gets) (?:\w+ly )?(?:accepted|agreed|permitted|allowed|waved)\b/u,
  /\b(?:fully|properly|thoroughly|carefully|well|duly) (?:checked|tested|authori[sz]ed|examined)\b/u,
  /\b(?:security|audit|review|compliance|risk) (?:team|board|department|officers?|experts?|engineers?)\b/u,
  /\bgreen light\b|\bgo ahead\b|\bthumbs up\b|\ball clear\b|\bfour[- ]eyes\b/u,
  // German, French, Spanish, Portuguese, Italian, Dutch, Scandinavian, Polish
  /genehmig|freigegeben|freigabe|unbedenklich|konform|abgenommen|bestanden|befunden|erfolgreich|geprueft/u,
  /approuv|conforme|valide par|sans risque|accepte et|juge sur/u,
  /aprobad|aprovad|aprobacion|aprovacao|aprobat|approvat|seguro para|sicuro da|cumple con/u,
  /goedgekeurd|godkand|godkend|godkjent|zatwierdzon/u,
  // Czech and Slovak, Finnish, Hungarian, Turkish, Indonesian and Malay
  /schvalen|hyvaksyt|jovahagy|onaylan|disetujui|diluluskan/u,
  // Russian, Chinese, Japanese, Korean
  /одобрен|утвержден|соответствует требованиям/u,
  /批准|通过审|審查通過|合规|承認|準拠|승인|준수/u,
];
