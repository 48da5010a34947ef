/**
 * A matcher for configured patterns: `*` stands for any characters, `/` included, everything else is literal.
 * Case counts. Surrounding spaces of the text do not.
 */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  const trimmed = text.trim();
  return patterns.some((pattern) => matches(pattern.trim(), trimmed));
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return text === first;

  // Greedy from the left is enough when every gap may hold anything; no regular expression, so no backtracking.
  const last = parts.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
