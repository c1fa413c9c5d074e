// The filter of a segment while somebody builds it: values are texts, and a line may lack its value.
import {
  type ConditionValue,
  deepestGroup,
  type FactKind,
  factOps,
  isCondition,
  mostConditions,
  mostDays,
  opsWithoutValue,
  type SegmentCondition,
  type SegmentFilter,
  type SegmentGroup,
  type SegmentNode,
  type SegmentOp,
} from '@recado/contract';

export interface DraftCondition {
  /** Unique within the draft. */
  key: number;
  field: string;
  op: SegmentOp;
  /** The values as texts; two for `between`. */
  values: readonly string[];
}

export interface DraftGroup {
  key: number;
  word: 'all' | 'any';
  nodes: readonly DraftNode[];
}

export type DraftNode = DraftCondition | DraftGroup;

export interface Draft {
  match: DraftGroup;
  leaveOut: readonly string[];
}

export const isGroup = (node: DraftNode): node is DraftGroup => 'nodes' in node;

let lastKey = 0;
const nextKey = () => ++lastKey;

export const emptyDraft = (): Draft => ({ match: { key: nextKey(), word: 'all', nodes: [] }, leaveOut: [] });

export const isDays = (op: SegmentOp): boolean => op === 'within_days' || op === 'not_within_days';

/** The first comparison of a kind, and no value yet. A flag is true at first. */
export const newCondition = (field: string, kind: FactKind): DraftCondition => ({
  key: nextKey(),
  field,
  op: factOps[kind][0],
  values: kind === 'flag' ? ['true'] : [],
});

export const newGroup = (condition: DraftCondition): DraftGroup => ({
  key: nextKey(),
  word: 'any',
  nodes: [condition],
});

/** The condition with another comparison: values stay where it takes the same kind of them. */
export function withOp(condition: DraftCondition, op: SegmentOp): DraftCondition {
  const { values } = condition;
  if (opsWithoutValue.has(op)) return { ...condition, op, values: [] };
  if (isDays(op) !== isDays(condition.op)) return { ...condition, op, values: [] };
  return { ...condition, op, values: op === 'in' ? values : values.slice(0, op === 'between' ? 2 : 1) };
}

type Edit = (node: DraftNode) => DraftNode | undefined;

/** The group with one of its nodes edited, or without it where the edit gives none. A group below that is empty goes. */
function editIn(group: DraftGroup, key: number, edit: Edit): DraftGroup {
  const nodes = group.nodes.flatMap(node => {
    const edited = node.key === key ? edit(node) : isGroup(node) ? editIn(node, key, edit) : node;
    if (edited === undefined || (isGroup(edited) && edited.nodes.length === 0)) return [];
    return edited;
  });
  return { ...group, nodes };
}

/** The draft with the node of this key edited, or without it. */
export const editNode = (draft: Draft, key: number, edit: Edit): Draft => {
  const match = draft.match.key === key ? edit(draft.match) : editIn(draft.match, key, edit);
  return match && isGroup(match) ? { ...draft, match } : draft;
};

/** The draft with a node more at the end of a group. */
export const addNode = (draft: Draft, groupKey: number, node: DraftNode): Draft =>
  editNode(draft, groupKey, group => (isGroup(group) ? { ...group, nodes: [...group.nodes, node] } : group));

export const conditionsIn = (group: DraftGroup): DraftCondition[] =>
  group.nodes.flatMap(node => (isGroup(node) ? conditionsIn(node) : [node]));

/** How many levels of groups there are. */
export const depthOf = (group: DraftGroup): number =>
  1 + Math.max(0, ...group.nodes.map(node => (isGroup(node) ? depthOf(node) : 0)));

export const canGrow = (draft: Draft): boolean => conditionsIn(draft.match).length < mostConditions;
export const canNest = (level: number): boolean => level < deepestGroup;

const textsOf = (value: ConditionValue | null | undefined): string[] =>
  value == null ? [] : Array.isArray(value) ? value.map(String) : [String(value)];

const draftOfNode = (node: SegmentNode): DraftNode =>
  isCondition(node)
    ? { key: nextKey(), field: node.field, op: node.op, values: textsOf(node.value) }
    : draftOfGroup(node);

function draftOfGroup(group: SegmentGroup): DraftGroup {
  const word = group.any == null ? 'all' : 'any';
  return { key: nextKey(), word, nodes: (group[word] ?? []).map(draftOfNode) };
}

export const draftOf = ({
  match,
  leave_out,
}: {
  match: SegmentGroup;
  leave_out?: string[] | null | undefined;
}): Draft => ({
  match: draftOfGroup(match),
  leaveOut: leave_out ?? [],
});

/** Why a condition is not counted. */
export type Lack = 'value' | 'days' | 'number' | 'order' | 'gone';

const numberOf = (text: string): number | undefined => {
  const number = text.trim() === '' ? Number.NaN : Number(text.replace(',', '.'));
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
};

function readDays([text = '']: readonly string[]): number | undefined {
  const days = numberOf(text);
  return days !== undefined && Number.isInteger(days) && days >= 1 && days <= mostDays ? days : undefined;
}

const isNumeric = (kind: FactKind) => kind === 'number' || kind === 'count';
const isTrueOrFalse = (kind: FactKind) => kind === 'flag' || kind === 'yes_no';

/** The value of a condition; `lacks` names what it needs first. `kind` is that of its fact; undefined if it is gone. */
export function readValue(
  { op, values }: DraftCondition,
  kind: FactKind | undefined,
): { value?: ConditionValue; lacks?: Lack } {
  if (kind === undefined) return { lacks: 'gone' };
  if (opsWithoutValue.has(op)) return {};
  if (isDays(op)) {
    const days = readDays(values);
    return days === undefined ? { lacks: 'days' } : { value: days };
  }
  const given = values.filter(value => value.trim() !== '');
  if (given.length === 0 || (op === 'between' && given.length < 2))
    return { lacks: isNumeric(kind) ? 'number' : 'value' };
  if (isNumeric(kind)) {
    const numbers = given.flatMap(text => numberOf(text) ?? []);
    const [low = 0, high = 0] = numbers;
    if (numbers.length < given.length) return { lacks: 'number' };
    if (op === 'between' && low > high) return { lacks: 'order' };
    return { value: op === 'between' || op === 'in' ? numbers : low };
  }
  const [first = '', second = ''] = given;
  if (isTrueOrFalse(kind)) return { value: first === 'true' };
  if (op === 'between' && first > second) return { lacks: 'order' };
  return { value: op === 'between' || op === 'in' ? given : first };
}

type KindOf = (field: string) => FactKind | undefined;

/** A node for the API; undefined where it has nothing that can be counted. */
function nodeOf(node: DraftNode, kindOf: KindOf): SegmentNode | undefined {
  if (isGroup(node)) {
    const nodes = node.nodes.flatMap(each => nodeOf(each, kindOf) ?? []);
    return nodes.length === 0 ? undefined : { [node.word]: nodes };
  }
  const { value, lacks } = readValue(node, kindOf(node.field));
  if (lacks) return undefined;
  const condition: SegmentCondition = { field: node.field, op: node.op, ...(value !== undefined && { value }) };
  return condition;
}

/** The filter of a draft, without lines that lack something. */
export function filterOf({ match, leaveOut }: Draft, kindOf: KindOf): SegmentFilter {
  const group = (nodeOf(match, kindOf) ?? { all: [] }) as SegmentFilter['match'];
  return { match: group, ...(leaveOut.length > 0 && { leave_out: [...leaveOut] }) };
}

/** Whether some line lacks something. */
export const isIncomplete = (draft: Draft, kindOf: KindOf): boolean =>
  conditionsIn(draft.match).some(condition => readValue(condition, kindOf(condition.field)).lacks !== undefined);

/** The condition of a filter of the API at a path like `match.all[1].any[0]`. */
export function conditionAt(match: SegmentGroup, path: string): SegmentCondition | undefined {
  let node: SegmentNode | undefined = match;
  for (const [, word, place] of path.matchAll(/\.(all|any)\[(\d+)\]/g)) {
    if (!node || isCondition(node)) return undefined;
    node = node[word as 'all' | 'any']?.[Number(place)];
  }
  return node && isCondition(node) ? node : undefined;
}

/** Of the true conditions of somebody the most telling one: one of several that are enough, or else the first. */
export const tellingPath = (paths: readonly string[]): string | undefined =>
  paths.find(path => path.includes('.any[')) ?? paths[0];

/** The day of a time in the zone of the reader, as a date field has it. */
export function dayOf(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The begin or the end of a day in the zone of the reader; empty for none. */
export function timeOf(day: string, end: boolean): string {
  const date = new Date(`${day}T${end ? '23:59:59.999' : '00:00:00.000'}`);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
