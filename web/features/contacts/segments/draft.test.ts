import type { SegmentCondition, SegmentGroup, SegmentNode } from '@recado/contract';
import fc from 'fast-check';
import { getCountries } from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { countries } from './countries.ts';
import {
  addNode,
  conditionAt,
  conditionsIn,
  dayOf,
  depthOf,
  draftOf,
  editNode,
  emptyDraft,
  filterOf,
  isGroup,
  isIncomplete,
  newCondition,
  newGroup,
  readValue,
  tellingPath,
  timeOf,
  withOp,
} from './draft.ts';

const kinds = { name: 'text', label: 'label', points: 'number', created: 'moment', unread: 'flag' } as const;
const kindOf = (field: string) => kinds[field as keyof typeof kinds];

const leaf = fc.constantFrom<SegmentCondition>(
  { field: 'name', op: 'contains', value: 'a' },
  { field: 'name', op: 'is_set' },
  { field: 'label', op: 'in', value: ['lbl_1', 'lbl_2'] },
  { field: 'points', op: 'between', value: [-1, 2.5] },
  { field: 'points', op: 'gt', value: 0 },
  { field: 'created', op: 'within_days', value: 30 },
  { field: 'unread', op: 'is', value: false },
);
const groupOf = (item: fc.Arbitrary<SegmentNode>): fc.Arbitrary<SegmentGroup> =>
  fc
    .tuple(fc.boolean(), fc.array(item, { minLength: 1, maxLength: 3 }))
    .map(([all, nodes]) => (all ? { all: nodes } : { any: nodes }));
const match = groupOf(fc.oneof(leaf, groupOf(fc.oneof(leaf, groupOf(leaf)))));

test('a filter that is opened and not changed stays as it was', () => {
  fc.assert(
    fc.property(match, fc.subarray(['seg_1', 'seg_2']), (given, leaveOut) => {
      const filter = { match: given, ...(leaveOut.length > 0 && { leave_out: leaveOut }) };
      const draft = draftOf(filter);
      expect(isIncomplete(draft, kindOf)).toBe(false);
      expect(filterOf(draft, kindOf)).toEqual(filter);
    }),
  );
});

test('lines are added and removed, also the last one of a group', () => {
  let draft = emptyDraft();
  draft = addNode(draft, draft.match.key, newCondition('name', 'text'));
  const group = newGroup(newCondition('label', 'label'));
  draft = addNode(draft, draft.match.key, group);
  expect([depthOf(draft.match), conditionsIn(draft.match).length]).toEqual([2, 2]);
  // Neither has a value, so nothing is counted yet.
  expect(filterOf(draft, kindOf)).toEqual({ match: { all: [] } });
  const [only] = group.nodes;
  draft = editNode(draft, only?.key ?? 0, node => (isGroup(node) ? node : { ...node, values: ['lbl_1'] }));
  expect(filterOf(draft, kindOf)).toEqual({
    match: { all: [{ any: [{ field: 'label', op: 'is', value: 'lbl_1' }] }] },
  });
  draft = editNode(draft, only?.key ?? 0, () => undefined);
  expect(draft.match.nodes).toHaveLength(1);
});

test.each([
  ['name', 'is', [''], 'value'],
  ['points', 'gt', ['many'], 'number'],
  ['points', 'gt', ['1,5'], undefined],
  ['points', 'between', ['3'], 'number'],
  ['points', 'between', ['3', '2'], 'order'],
  ['created', 'within_days', ['0'], 'days'],
  ['created', 'within_days', ['1.5'], 'days'],
  ['created', 'within_days', ['30'], undefined],
  ['name', 'not_set', [], undefined],
  ['field:gone', 'is', ['x'], 'gone'],
] as const)('%s %s %j lacks %s', (field, op, values, lacks) => {
  expect(readValue({ key: 0, field, op, values }, kindOf(field)).lacks).toBe(lacks);
});

test('another comparison keeps the values that it takes', () => {
  const condition = { ...newCondition('label', 'label'), op: 'in' as const, values: ['a', 'b'] };
  expect(withOp(condition, 'is').values).toEqual(['a']);
  expect(withOp(condition, 'is_set').values).toEqual([]);
  expect(withOp({ ...condition, op: 'after', values: ['2026-01-01T00:00:00.000Z'] }, 'within_days').values).toEqual([]);
});

test('a path leads to its condition, and one of several that are enough tells more', () => {
  const filter: SegmentGroup = {
    all: [{ field: 'name', op: 'is_set' }, { any: [{ field: 'unread', op: 'is', value: true }] }],
  };
  expect(conditionAt(filter, 'match.all[1].any[0]')).toEqual({ field: 'unread', op: 'is', value: true });
  expect(conditionAt(filter, 'match.all[2]')).toBeUndefined();
  expect(tellingPath(['match.all[0]', 'match.all[1].any[0]'])).toBe('match.all[1].any[0]');
  expect(tellingPath([])).toBeUndefined();
});

test('a day stays the same day in the zone of the reader', () => {
  for (const day of ['2026-11-12', '2026-03-29', '1970-06-01'])
    expect([dayOf(timeOf(day, false)), dayOf(timeOf(day, true))]).toEqual([day, day]);
  expect([timeOf('', false), dayOf('')]).toEqual(['', '']);
});

test('each country with phone numbers can be chosen', () => {
  expect(countries).toEqual(getCountries().toSorted());
});
