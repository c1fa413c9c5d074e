// Audit log entries as the API shows them and as files contain them.
import { type AuditEntry, csvLine, type IdKind, idPrefixes } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { AuditRow } from './store.ts';

const isKind = (kind: string): kind is IdKind => Object.hasOwn(idPrefixes, kind);

export const present = (row: AuditRow): AuditEntry => ({
  id: toId('audit_entry', row.public_id),
  at: row.at.toISOString(),
  actor: {
    kind: row.actor_kind,
    id: row.actor_id !== null && isKind(row.actor_kind) ? toId(row.actor_kind, row.actor_id) : null,
    name: row.actor_name,
  },
  action: row.action,
  target:
    row.target_kind === null || row.target_id === null
      ? null
      : { kind: row.target_kind, id: isKind(row.target_kind) ? toId(row.target_kind, row.target_id) : row.target_id },
  address: row.address,
  request_id: row.request_id,
  detail: row.detail,
});

export type AuditFormat = 'csv' | 'ndjson';

export const mediaTypes: Record<AuditFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** The first line of a file. */
export const headOf = (format: AuditFormat): string =>
  format === 'ndjson'
    ? ''
    : csvLine([
        ...['id', 'at', 'actor_kind', 'actor_id', 'actor_name', 'action'],
        ...['target_kind', 'target_id', 'address', 'request_id', 'detail'],
      ]);

/** An entry as a line of a file. */
export function lineOf(format: AuditFormat, row: AuditRow): string {
  const entry = present(row);
  if (format === 'ndjson') return `${JSON.stringify(entry)}\n`;
  const { actor, target, detail } = entry;
  return csvLine([
    ...[entry.id, entry.at, actor.kind, actor.id, actor.name, entry.action],
    ...[target?.kind ?? null, target?.id ?? null, entry.address, entry.request_id, JSON.stringify(detail)],
  ]);
}
