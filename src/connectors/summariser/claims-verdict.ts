import { shouted, verdictPhrases, verdictWords } from './verdict-words.ts';

/**
 * True for text that reads as if it judged the change. Row and confirmation hold the verdict of the policy: what a model writes
 * must not be taken for it. Too much is the safe side; what is no judgement and lost all the same is only a sentence.
 */
export function claimsVerdict(text: string): boolean {
  // What looks alike reads alike: full-width letters, accents and what hides between letters are taken away.
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[\p{Mn}\p{Cf}]/gu, '')
    .replaceAll(/\s+/g, ' ');
  if (shouted.test(plain)) return true;
  const lower = plain.toLowerCase();
  // Also with digits for letters, and with what stands inside of words taken out: "no i-ssues", "f1ndings".
  const readings = [lower, lettered(lower), lettered(lower.replaceAll(/(?<=\w)[^\w\s]+(?=\w)/g, ''))];
  if (readings.some((reading) => verdictPhrases.some((phrase) => phrase.test(reading)))) return true;
  return spellsVerdict(lower.replaceAll(/\bmerge (?=requests?\b|conflicts?\b)/g, ' '));
}

const digitLetters: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' };

function lettered(text: string): string {
  return text.replaceAll(/[a-z0-9]+/g, (word) =>
    /[a-z]/.test(word) ? word.replaceAll(/\d/g, (digit) => digitLetters[digit] ?? digit) : word,
  );
}

// Words that differ in what is easily read over are one: "Iooks", "revievved", "aproved", "p4ss".
function folded(word: string): string {
  return lettered(word)
    .replaceAll(/[^a-z]/g, '')
    .replaceAll('vv', 'w')
    .replaceAll('l', 'i')
    .replaceAll(/(.)\1+/g, '$1');
}

const known: ReadonlySet<string> = new Set(verdictWords.map(folded));
const longest = Math.max(...verdictWords.map(({ length }) => length));
// Of fewer letters, what two words happen to have in common says nothing.
const shortestJoined = 4;

/** True where words of a judgement stand there when everything but letters is taken away, from one word's beginning to one's end. */
function spellsVerdict(text: string): boolean {
  const words = text.split(/[^a-z0-9]+/).filter((word) => word !== '');
  return words.some((word, start) => {
    if (known.has(folded(word))) return true;
    let joined = word;
    for (const next of words.slice(start + 1)) {
      joined += next;
      // Doubled letters may make it longer than it reads.
      if (joined.length > longest * 2) return false;
      if (joined.length >= shortestJoined && known.has(folded(joined))) return true;
    }
    return false;
  });
}
