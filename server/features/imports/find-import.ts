// The import that a request names, and whether it is in a state for the request.
import type { Queryable } from '../../kit/db/database.ts';
import { toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import type { ImportRowOfTable } from './import.ts';
import * as store from './store.ts';
import type { UploadNeeds } from './upload.ts';

export interface ImportNeeds extends UploadNeeds {
  wake: (kind: string, key: string) => void;
}

/** @throws AppError where there is no such import */
export async function found(db: Queryable, workspaceId: string, id: string): Promise<ImportRowOfTable> {
  const row = await store.findImport(db, workspaceId, toUuid(id));
  if (!row) throw problem('import_not_found');
  return row;
}

/** @throws AppError where there is no such import */
export async function locked(tx: Queryable, workspaceId: string, id: string): Promise<ImportRowOfTable> {
  const row = await store.lockImport(tx, workspaceId, toUuid(id));
  if (!row) throw problem('import_not_found');
  return row;
}

/** The remedy. */
const advice: Record<ImportRowOfTable['state'], string> = {
  uploading: 'Wait until it is uploaded.',
  uploaded: 'Say first what its columns become: `PATCH /api/v1/imports/{id}`.',
  checking: 'Wait until it is `ready`.',
  ready: 'Run it, change it or cancel it.',
  running: 'Wait until it is `finished`, or cancel it.',
  finished: 'It can only be undone.',
  failed: 'Upload the file again.',
  cancelled: 'Upload the file again.',
  undoing: 'Wait until it is `undone`.',
  undone: 'Upload the file again.',
};

/** @throws AppError where the import is in none of these states */
export function demandState({ state }: ImportRowOfTable, states: readonly ImportRowOfTable['state'][]): void {
  if (!states.includes(state)) throw problem('import_state', `The import is \`${state}\`. ${advice[state]}`);
}
