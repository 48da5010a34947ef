/**
 * True when brackets in a JSON text nest deeper than `deepest`. GitLab's events nest about six deep; millions of open
 * brackets would cost the parser seconds and gigabytes, this costs one look at each byte.
 */
export function nestsDeeperThan(deepest: number, json: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > deepest) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth--;
  }
  return false;
}

// In UTF-8 these bytes never occur inside another character.
const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
