import { readFileSync } from 'node:fs';
import { alertSignals, signalFacts } from '@recado/contract';
import { expect, test } from 'vitest';
import { guideOf, remedies, titleOf, withoutNumbers } from './texts.ts';

const headings = [...readFileSync('docs/guides/alerts.md', 'utf8').matchAll(/^### (.+)$/gm)].map(([, heading = '']) =>
  heading.toLowerCase().replaceAll(' ', '-'),
);

test.each(alertSignals)('%s has a title and a remedy without the number of a phone', signal => {
  const told = { signal, subject: 'Shop +351 912 345 678', value: 12.34, n: 100, detail: { status: 'paused' } };
  expect(titleOf(told)).not.toMatch(/\d{3} \d{3}/);
  expect(remedies[signal]).toMatch(/\.$/);
  const [, anchor] = guideOf(signal).split('#');
  expect(headings).toContain(anchor);
  const { fire_above: above, clear_below: below } = signalFacts[signal].rule;
  expect(below).toBeLessThanOrEqual(Math.max(above, 1));
});

test('numbers of phones go, codes and times stay', () => {
  expect(withoutNumbers('131049 at 14:21')).toBe('131049 at 14:21');
  expect(withoutNumbers('from +351 912-345-678 today')).toBe('from … today');
});
