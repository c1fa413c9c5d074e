// The filters of the audit log, as they are in the address.
import type { AuditFilter } from '../../data/audit.ts';

export const auditRanges = { day: 1, week: 7, month: 30 } as const;
export type AuditRange = keyof typeof auditRanges;

export interface AuditSearch {
  /** Absent: all there is. */
  since?: AuditRange | undefined;
  /** The id of a person or an API key. */
  who?: string | undefined;
  /** An action, or a group of them with a dot at the end: `api_key.` */
  what?: string | undefined;
  /** The id of what it was done to. */
  on?: string | undefined;
}

const matching = (given: unknown, pattern: RegExp) =>
  typeof given === 'string' && pattern.test(given) ? given : undefined;

export const isAction = (text: string): boolean => /^[a-z][a-z_]*(\.[a-z_]*)?$/.test(text) && text.length <= 100;
export const isTarget = (text: string): boolean => /^[a-z]{2,3}_[0-9a-z]{26}$/.test(text);

/** Keeps valid filters. Others would stay in the address. */
export const auditSearch = (given: Record<string, unknown>): AuditSearch => ({
  since: (Object.keys(auditRanges) as AuditRange[]).find(range => range === given.since),
  who: matching(given.who, /^(per|key)_[0-9a-z]{26}$/),
  what: typeof given.what === 'string' && isAction(given.what) ? given.what : undefined,
  on: typeof given.on === 'string' && isTarget(given.on) ? given.on : undefined,
});

const dayMs = 86_400_000;

/** The same for the API. Days are counted from midnight, so that a list keeps its address for a day. */
export function filterOf({ since, who, what, on }: AuditSearch): AuditFilter {
  const from = since && new Date(new Date().setHours(0, 0, 0, 0) - (auditRanges[since] - 1) * dayMs).toISOString();
  return {
    ...(who !== undefined && { actor_id: who }),
    ...(what !== undefined && { action: what }),
    ...(on !== undefined && { target_id: on }),
    ...(from !== undefined && { from }),
  };
}
