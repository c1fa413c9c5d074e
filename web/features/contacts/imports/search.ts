// The part of an import that is shown, as it is in the address.
import type { ImportFate } from '@recado/contract';

export const steps = ['columns', 'check'] as const;

const isFate: Record<ImportFate, true> = {
  new: true,
  known: true,
  duplicate: true,
  invalid: true,
  created: true,
  updated: true,
  unchanged: true,
  skipped: true,
};

export interface ImportSearch {
  /** Until the import runs. */
  step?: (typeof steps)[number] | undefined;
  /** Of the rows, once it ran. */
  fate?: ImportFate | undefined;
}

export const importSearch = ({ step, fate }: Record<string, unknown>): ImportSearch => ({
  step: steps.find(each => each === step),
  fate: (Object.keys(isFate) as ImportFate[]).find(each => each === fate),
});
