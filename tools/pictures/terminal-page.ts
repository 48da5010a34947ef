import type { Cell, Screen, Style } from './screen.ts';

// Dark enough on white to be read in print.
const palette: Readonly<Record<string, string>> = {
  black: '#1f2328',
  red: '#b3261e',
  green: '#1a7037',
  yellow: '#8a5a00',
  blue: '#0b57d0',
  magenta: '#8a3ab9',
  cyan: '#0b6a75',
  white: '#57606a',
  grey: '#656d76',
};

// At a scale of 1.25 every character falls on whole pixels, and the same ones look the same: files stay small.
/** A page that shows part of a terminal's screen, dark on light, under the command that was given. */
export function terminalPage(title: string, lines: Screen['lines']): string {
  const body = lines.map((line) => line.map(spanOf).join('')).join('\n');
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #fff; width: 900px; }
    figure { margin: 0; border: 1px solid #d0d7de; border-radius: 8px; overflow: hidden; }
    figcaption { font: 600 13px 'DejaVu Sans Mono', monospace; color: #1f2328; background: #eaeef2; padding: 9px 16px; }
    pre {
      margin: 0; padding: 12px 16px; color: #1f2328; background: #fbfcfd;
      font: 12px/16.8px 'DejaVu Sans Mono', monospace; letter-spacing: calc(7.2px - 1ch);
    }
  </style><figure><figcaption>$ ${escaped(title)}</figcaption><pre>${body}</pre></figure>`;
}

function spanOf({ text, style }: Cell): string {
  const css = cssOf(style);
  return css === '' ? escaped(text) : `<span style="${css}">${escaped(text)}</span>`;
}

function cssOf({ colour, bold, dim, inverse, struck }: Style): string {
  const ink = dim ? palette['grey'] : colour === null ? undefined : palette[colour];
  return [
    inverse ? `background:${ink ?? '#1f2328'};color:#fff` : ink === undefined ? '' : `color:${ink}`,
    bold ? 'font-weight:700' : '',
    struck ? 'text-decoration:line-through' : '',
  ]
    .filter((one) => one !== '')
    .join(';');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
