import { expect, test } from 'vitest';
import { toVcard } from './vcard.ts';

test('a contact card becomes a vCard with a button to write', () => {
  const text = toVcard({
    name: { formatted_name: 'Ana Silva', first_name: 'Ana', last_name: 'Silva' },
    phones: [{ phone: '+1 202 555 0123', type: 'WORK', wa_id: '12025550123' }],
    org: { company: 'Smith; Sons' },
  });
  expect(text.split('\n')).toEqual([
    'BEGIN:VCARD',
    'VERSION:3.0',
    'N:Silva;Ana;;;',
    'FN:Ana Silva',
    'ORG:Smith\\; Sons;',
    'TEL;TYPE=WORK;waid=12025550123:+1 202 555 0123',
    'END:VCARD',
  ]);
});

test('no field can begin a line of its own', () => {
  const text = toVcard({ name: { formatted_name: 'A\r\nTEL:1' }, phones: [{ phone: '+1\n2', type: 'X:Y\nZ' }] });
  expect(text.split('\n').filter(each => each.startsWith('TEL'))).toHaveLength(1);
});
