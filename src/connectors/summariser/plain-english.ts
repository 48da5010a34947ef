/** True for Latin letters, digits and the punctuation of sentences, and nothing that a page or channel makes a picture or link of. */
export function isPlain(text: string): boolean {
  if (!/^[\p{L}\d .,;:!?'"‘’“”()\-–—…/&%]+$/u.test(text)) return false;
  const letters = text.match(/\p{L}/gu) ?? [];
  const foreign = letters.filter((letter) => !/[a-z]/i.test(letter));
  if (!foreign.every(isAccented) || foreign.length * 10 > letters.length) return false;
  if (symbols.some((symbol) => symbol.test(text))) return false;
  return (text.match(dotted) ?? []).every(isHarmlessName);
}

// An ASCII letter with its mark: neither small capitals, nor look-alikes, nor letters that stand for others.
function isAccented(letter: string): boolean {
  return letter === 'ß' || (letter.normalize('NFKC') === letter && /^[a-z]\p{Mn}$/iu.test(letter.normalize('NFD')));
}

const symbols = [
  // `:word:` and the like; a time of day is none.
  /(?<!\d):(?!\s|$)|:(?![\s\d]|$)/u,
  // `!channel`, `?x=`: an end of a sentence is followed by a space or a bracket.
  /[!?,;](?=[\p{L}\d])/u,
  // `(/)`, `(y)`
  /(?:^|\s)\([^\s]\)/u,
  /\/\/|--|\.\.\//u,
  // Ids of records, of checks, and of whatever else looks so.
  /\bsec[-–—]?[0-9a-f]{4}/iu,
  /[0-9a-f]{16}/iu,
];

const dotted = /[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;

// Endings of files that are no top-level domain: `readme.md` and `main.rs` are places in the net for Slack.
const endings =
  /\.(?:tsx?|jsx?|mjs|cjs|mts|cts|json|ya?ml|toml|go|java|kts?|cpp|hpp|css|scss|html|sql|txt|xml|vue|php|rb|proto|lock|graphql)$/iu;

function isHarmlessName(name: string): boolean {
  // Versions and abbreviations, but no addresses of machines.
  if (/^v?\d+(?:\.\d+){1,2}$/iu.test(name) || /^\p{L}(?:\.\p{L})+$/u.test(name)) return true;
  return endings.test(name);
}

/** True for text that begins as a summary does or has words of English, and none that only other languages have. */
export function isEnglish(text: string): boolean {
  const words = text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (words.some((word) => foreignWords.has(word))) return false;
  return verbs.has(words[0] ?? '') || words.some((word) => englishWords.has(word));
}

const wordsOf = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const verbs = wordsOf(
  'adds adjusts allows avoids blocks bounds bumps caches changes checks cleans closes corrects creates cuts defines deletes denies deprecates disables documents drops enables encrypts ends enforces escapes expires exposes extends fixes handles hardens hides ignores implements imports improves increases introduces keeps limits links logs lowers makes migrates moves narrows pins prevents protects raises reads records redacts reduces refactors refuses rejects releases removes renames replaces requires resets restores restricts returns revokes rewrites rotates sanitises sanitizes sends separates sets shortens shows signs simplifies splits stops stores strips switches tests throws tightens trims turns unifies updates upgrades uses validates verifies warns wraps writes',
);

// None of them is a word of a neighbouring language as well.
const englishWords = wordsOf(
  'the and with for from that their its when where which into are has have not only now this these instead it by there before after between without each every both than then',
);

const foreignWords = wordsOf(
  [
    'und ist wurde nicht auf von dem ein eine einen das zur zum sind aenderung anderung', // German
    'est et les une par avec ete cette ce aux', // French
    'el los una este esta fue que cambio', // Spanish
    'foi pela pelo nao uma mudanca', // Portuguese
    'della dello stato questa questo modifica', // Italian
    'het een wordt voor zijn wijziging', // Dutch
    'och att av ar ble blev endring andring', // Swedish, Norwegian, Danish
    'jest zostala przez oraz zmiana', // Polish
    'byla bylo zmena byt', // Czech, Slovak
    'muutos valtoztatas az egy', // Finnish, Hungarian
    'bu ve tarafindan degisiklik', // Turkish
    'fost modificarea este', // Romanian
    'ini itu telah oleh yang dan dengan untuk sudah', // Indonesian, Malay
  ].join(' '),
);
