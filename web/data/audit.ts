// The audit log: who did what, and the file of it.
import type { ExportAuditEntriesQuery, ListAuditEntriesQuery } from '@recado/client';
import { recado } from '../kit/client.ts';
import { listQuery } from './list.ts';

export type AuditFilter = Pick<ListAuditEntriesQuery, 'actor_id' | 'action' | 'target_id' | 'from' | 'until'>;

export const auditQuery = (filter: AuditFilter) =>
  listQuery(['audit', filter], (query, options) => recado.audit.list({ ...filter, ...query }, options));

/** The text of the file: all entries that fit, not only those that are loaded. */
export const exportAudit = async (query: ExportAuditEntriesQuery): Promise<string> =>
  (await recado.audit.export(query)).text();
