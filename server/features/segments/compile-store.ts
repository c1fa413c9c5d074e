// Compiles filters and saved segments to plans.
import type { SegmentFilter } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import type { Fragment } from '../../kit/db/sql.ts';
import { invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { checkMatch } from './check.ts';
import { problem } from './errors.ts';
import { inverse, isMember, type Plan, type Realm } from './facts-store.ts';
import { type Known, readKnown } from './known-store.ts';
import { pageOfPlan } from './plan-store.ts';
import { findSegment, type SegmentRow, segmentsById } from './store.ts';
import { allOf, type NumberedCondition, planOfNode } from './tree-store.ts';

export interface LeftOut {
  /** A UUID. */
  id: string;
  plan: Plan;
}

/** A filter: who fits its conditions, whom it leaves out, and both together. */
export interface Compiled {
  match: Plan;
  leftOut: LeftOut[];
  whole: Plan;
  conditions: NumberedCondition[];
}

const together = (match: Plan, leftOut: LeftOut[], conditions: NumberedCondition[]): Compiled => ({
  match,
  leftOut,
  whole: leftOut.length === 0 ? match : allOf([match, ...leftOut.map(({ plan }) => inverse(plan))]),
  conditions,
});

/** A segment that leaves nobody out itself. */
const planOfLeftOut = (realm: Realm, known: Known, { id, filter }: SegmentRow): Plan =>
  filter === null ? isMember(id) : planOfNode(realm, known, filter.match, 'match');

async function compile(db: Queryable, realm: Realm, known: Known, filter: SegmentFilter): Promise<Compiled> {
  const conditions: NumberedCondition[] = [];
  const match = planOfNode(realm, known, filter.match, 'match', conditions);
  const ids = (filter.leave_out ?? []).map(id => toUuid(id));
  const rows = ids.length === 0 ? [] : await segmentsById(db, realm.workspaceId, ids);
  const leftOut = ids.flatMap(id => {
    const row = rows.find(each => each.id === id);
    return row ? [{ id, plan: planOfLeftOut(realm, known, row) }] : [];
  });
  return together(match, leftOut, conditions);
}

/**
 * Checks the field `filter` of a request. `own`: the segment (UUID) whose filter it becomes.
 * @throws AppError that names each wrong place
 */
export async function checkFilter(
  db: Queryable,
  workspaceId: string,
  filter: SegmentFilter,
  { known, own }: { known: Known; own?: string | undefined },
): Promise<void> {
  checkMatch(known, filter.match, 'filter.match');
  const ids = (filter.leave_out ?? []).map(id => toUuid(id));
  const rows = ids.length === 0 ? [] : await segmentsById(db, workspaceId, ids);
  for (const [place, id] of ids.entries()) {
    const row = rows.find(each => each.id === id);
    const field = `filter.leave_out[${place}]`;
    if (id === own) throw invalid(field, 'A segment cannot leave itself out.');
    if (!row) throw invalid(field, 'The workspace has no such segment.');
    if ((row.filter?.leave_out ?? []).length > 0)
      throw invalid(field, `${row.name} leaves out segments itself. Name one that leaves out none.`);
  }
}

/** Compiles the field `filter` of a request. @throws AppError that names each wrong place */
export async function compileFilter(
  db: Queryable,
  realm: Realm,
  filter: SegmentFilter,
  own?: string,
): Promise<Compiled> {
  const known = await readKnown(db, realm.workspaceId);
  await checkFilter(db, realm.workspaceId, filter, { known, own });
  return compile(db, realm, known, filter);
}

/** Compiles a saved segment or a list. @throws AppError where there is none */
export async function compileSegment(db: Queryable, realm: Realm, id: string): Promise<Compiled> {
  const row = await findSegment(db, realm.workspaceId, id);
  if (!row) throw problem('segment_not_found');
  if (row.filter === null) return together(isMember(id), [], []);
  return compile(db, realm, await readKnown(db, realm.workspaceId), row.filter);
}

/**
 * The contacts of a segment as a query of their ids in order, up to `limit` after `after`. For `insert … select` in
 * pages, also by the engine: it holds without row-level security.
 * @throws AppError where there is no such segment
 */
export async function contactsOfSegment(
  db: Queryable,
  realm: Realm,
  id: string,
  page: { after: string | null; limit: number },
): Promise<Fragment> {
  const { whole } = await compileSegment(db, realm, id);
  return pageOfPlan(realm.workspaceId, whole, page);
}
