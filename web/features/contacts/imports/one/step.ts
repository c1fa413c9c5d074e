// The step of an import that its page shows.
import type { Import } from '@recado/client';
import type { ImportState } from '@recado/contract';
import type { ImportStep } from '../import-steps.tsx';
import type { ImportSearch } from '../search.ts';

const byState: Record<ImportState, ImportStep | undefined> = {
  uploaded: 'columns',
  checking: 'check',
  ready: 'check',
  running: 'import',
  failed: 'import',
  cancelled: 'import',
  undoing: 'import',
  finished: undefined,
  undone: undefined,
};

/** The wanted step until the import runs; then the state decides. Undefined once all is done. */
export function shownStep({ state }: Pick<Import, 'state'>, wanted: ImportSearch['step']): ImportStep | undefined {
  const step = byState[state];
  // Before the first check there is nothing to show of it.
  return step === 'check' && wanted === 'columns' ? wanted : step;
}
