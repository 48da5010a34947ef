import { describe, expect, it } from 'vitest';
import { checkTemplate } from './check-template.ts';
import { parseTemplate, render } from './engine.ts';
import { sampleValues } from './model.ts';
import { usualLimits } from './work.ts';

const labels = Array.from({ length: 200 }, (_, index) => `${'a'.repeat(250)}${index}`);
const values = { ...sampleValues(), labels };
const text = '{% assign all = labels | join: "" | slice: 0, 20000 %}';
const list = `${text}{% assign l = all | split: "" %}`;
const pairs = (inner: string): string => `{% for a in labels %}{% for b in labels %}${inner}{% endfor %}{% endfor %}`;

describe('a template that would take long for some change', () => {
  // Without a clock: the count alone ends it.
  it.each([
    [pairs('x')],
    [`${list}{% assign y = l | join: all %}`],
    [`${text}{% assign n = all | slice: 0, 1000 | prepend: "b" %}{% if all contains n %}{% endif %}`],
    [`${text}{% assign n = labels[0] | append: "b" %}${pairs('{% if all contains n %}{% endif %}')}`],
    [`${list}{% assign k = all | split: "" %}${pairs('{% if l == k %}{% endif %}')}`],
    [`${list}${pairs('{% case l %}{% when l, l, l %}{% endcase %}')}`],
    [`${list}${pairs('{% for c in l limit: 1 %}{% endfor %}')}`],
    [`${list}${pairs('{% assign x = l | join: "" | size %}')}`],
    [`${list}${pairs('{% assign x = l | sort %}')}`],
    [`${list}${pairs('{% assign x = l | uniq %}')}`],
    [`${text}${pairs('{% assign x = all | remove_last: labels[0] %}')}`],
    [
      `{% capture u %}http://{% for i in (1..60) %}\u00e4\u4e00\u4e01\u4e02{% endfor %}{% endcapture %}${pairs('{{ pod | link: u }}')}`,
    ],
  ])('is ended by the count of its steps: %s', (template) => {
    const at = performance.now();
    expect(() => render(parseTemplate(template), values, { ...usualLimits, milliseconds: Infinity })).toThrow(
      /memory alloc limit/,
    );
    // About thirty milliseconds; some of them took minutes, or all memory.
    expect(performance.now() - at).toBeLessThan(2000);
  });

  it('takes the same steps each time', () => {
    const template = parseTemplate(
      '{% for one in labels %}{{ one | code }} {{ labels | join: ", " | size }}{% endfor %}',
    );
    const ends = (steps: number): boolean => {
      try {
        render(template, { labels: ['a', 'b'] }, { ...usualLimits, steps });
        return false;
      } catch {
        return true;
      }
    };
    const least = Array.from({ length: 3 }, () =>
      Array.from({ length: 2000 }, (_, steps) => steps).find((s) => !ends(s)),
    );
    expect(new Set(least).size).toBe(1);
    expect(least[0]).toBeGreaterThan(100);
  });

  it('is a fault with a line, also where the clock ends it before its first block', () => {
    expect(checkTemplate('x', { ...usualLimits, milliseconds: -1 })).toEqual([
      { line: 1, message: expect.stringContaining('cannot be rendered'), hint: expect.any(String) },
    ]);
  });

  it('is none where it shows each of many labels', () => {
    const shown = render(parseTemplate('{% for one in labels %}{{ one | code }}\n{% endfor %}'), values);
    expect(shown.split('\n')).toHaveLength(201);
  });
});

describe('control characters', () => {
  it.each([
    '{{ "\\u0001link\\u0002javascript:alert(1)\\u0002x\\u0003" }}',
    '{{ "\\1" }}',
    '{{ "\\u0004" }}',
    '{{ pod | append: "\\u1" }}',
    '{{ pod | default: "\\b" }}',
    '{% case pod %}{% when "a", "\\u0005" %}{% endcase %}',
    '{% if pod == "\\u0001" %}{% endif %}',
    '{{ pod | replace: "a", "\\u0002" }}',
    '{% assign x = "\\v" %}',
    '{% echo "\\u0003" %}',
  ])('are refused however they are written: %s', (template) => {
    expect(checkTemplate(template)).toEqual([
      { line: 1, message: expect.stringContaining('holds control characters'), hint: 'Leave them out' },
    ]);
  });

  it('that break lines are none', () => {
    expect(checkTemplate('{{ labels | join: "\\n" }}')).toEqual([]);
  });
});

it.each([
  "{{ 'it''s' }}",
  '{{ pod pod }}',
  '{{ pod | }}',
  '{{ pod, pod }}',
  '{{ pod ) x }}',
  '{% assign a = pod, x %}',
  '{% assign a = pod | %}',
  '{% if pod pod %}{% endif %}',
  '{% if pod | %}{% endif %}',
  '{% if pod %}{% elsif pod | %}{% endif %}',
  '{% if pod and %}{% endif %}',
  '{% case pod x %}{% endcase %}',
  '{% unless pod, x %}{% endunless %}',
  '{% echo pod | %}',
])('what would be left out without a word is a fault: %s', (template) => {
  expect(checkTemplate(template)[0]).toMatchObject({ line: 1 });
});

it.each([
  '{{ "a | b |" }}',
  '{% # left out | %}',
  '{% comment %}{{ x | }}{% endcomment %}',
  '{% if pod and labels.size > 0 or pod == nil %}x{% endif %}',
  '{% if not pod %}x{% endif %}',
  '{%- echo pod -%}',
  '{% echo %}',
])('%s is no fault', (template) => {
  expect(checkTemplate(template)).toEqual([]);
});
