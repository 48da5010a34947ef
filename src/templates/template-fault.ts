/** What is wrong with a template, and where in it. */
export interface TemplateFault {
  /** A line of the template, counted from 1. */
  readonly line: number;
  readonly message: string;
  /** What would be right, where that can be told. */
  readonly hint: string;
  /** A word that is unknown, for a suggestion out of those that are known. */
  readonly unknown?: { readonly word: string; readonly known: readonly string[] };
}

/** A fault about a word that is not among those that are known. */
export function unknownWord(word: string, known: readonly string[], message: string): Omit<TemplateFault, 'line'> {
  return {
    message,
    hint: known.length === 0 ? 'Leave it out' : `Known here: ${known.join(', ')}`,
    unknown: { word, known },
  };
}
