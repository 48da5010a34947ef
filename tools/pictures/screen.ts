/** How a character is drawn. */
export interface Style {
  readonly colour: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly struck: boolean;
}

export interface Cell {
  readonly text: string;
  readonly style: Style;
}

export interface Screen {
  /** Every line that was shown, those that have scrolled away included. */
  readonly lines: readonly (readonly Cell[])[];
}

const plain: Style = { colour: null, bold: false, dim: false, inverse: false, struck: false };
const blank: Cell = { text: ' ', style: plain };
const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** What a terminal shows in the end of what was written to it. Knows the moves and erasures that our commands make. */
export function drawScreen(written: string, columns: number): Screen {
  const lines: Cell[][] = [[]];
  let row = 0;
  let column = 0;
  let style = plain;

  const put = (text: string): void => {
    if (column >= columns) {
      row++;
      column = 0;
    }
    const line = lineAt(row);
    while (line.length < column) line.push(blank);
    line[column] = { text, style };
    column++;
  };
  const lineAt = (index: number): Cell[] => {
    while (lines.length <= index) lines.push([]);
    return lines[index]!;
  };
  const moves: Readonly<Record<string, (count: number, first: number) => void>> = {
    A: (count) => (row = Math.max(0, row - count)),
    B: (count) => (row += count),
    C: (count) => (column = Math.min(columns - 1, column + count)),
    D: (count) => (column = Math.max(0, column - count)),
    E: (count) => {
      row += count;
      column = 0;
    },
    F: (count) => {
      row = Math.max(0, row - count);
      column = 0;
    },
    G: (count) => (column = count - 1),
    J: (_count, first) => {
      if (first !== 0) throw new Error(`Erasing by ${first}J is not known here`);
      lineAt(row).length = Math.min(lineAt(row).length, column);
      lines.length = row + 1;
    },
    K: (_count, first) => {
      const line = lineAt(row);
      if (first === 2) line.length = 0;
      else if (first === 0) line.length = Math.min(line.length, column);
      else for (let index = 0; index < Math.min(column + 1, line.length); index++) line[index] = blank;
    },
  };

  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  for (const [part, , parameters = '', end = ''] of written.matchAll(/(\u001b\[([?\d;]*)([A-Za-z]))|[^]/gu)) {
    if (end === 'm') style = restyled(style, parameters);
    else if (end !== '') {
      // Whether the cursor is shown, and whether pasting is marked, changes nothing that stays.
      if (parameters.startsWith('?')) continue;
      const move = moves[end];
      if (move === undefined) throw new Error(`The move ${end} is not known here`);
      const first = Number.parseInt(parameters, 10);
      move(first || 1, first || 0);
    } else if (part === '\n') {
      row++;
      lineAt(row);
    } else if (part === '\r') column = 0;
    else if (part === '\b') column = Math.max(0, column - 1);
    else if (part >= ' ') put(part);
  }
  return { lines };
}

function restyled(style: Style, parameters: string): Style {
  return parameters
    .split(';')
    .map(Number)
    .reduce((now, code) => ({ ...now, ...changeOf(code) }), style);
}

function changeOf(code: number): Partial<Style> {
  if (code === 0) return plain;
  if (code >= 30 && code <= 37) return { colour: colours[code - 30]! };
  if (code >= 90 && code <= 97) return { colour: code === 90 ? 'grey' : colours[code - 90]! };
  const changes: Readonly<Record<number, Partial<Style>>> = {
    1: { bold: true },
    2: { dim: true },
    7: { inverse: true },
    9: { struck: true },
    22: { bold: false, dim: false },
    27: { inverse: false },
    29: { struck: false },
    39: { colour: null },
  };
  return changes[code] ?? {};
}
