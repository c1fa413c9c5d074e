// The draft of a page, and whether it differs from where it began.
import { useState } from 'react';
import type { Draft, DraftButton } from './draft.ts';

export interface DraftState {
  draft: Draft;
  isChanged: boolean;
  set: (change: Partial<Draft>) => void;
  setSample: (key: string, sample: string) => void;
  setButton: (key: number, change: Partial<DraftButton>) => void;
  /** The shown draft is saved. */
  markSaved: () => void;
}

export function useDraft(start: Draft): DraftState {
  const [saved, setSaved] = useState(start);
  const [draft, setDraft] = useState(start);
  return {
    draft,
    isChanged: JSON.stringify(draft) !== JSON.stringify(saved),
    set: change => setDraft(before => ({ ...before, ...change })),
    setSample: (key, sample) => setDraft(before => ({ ...before, samples: { ...before.samples, [key]: sample } })),
    setButton: (key, change) =>
      setDraft(before => ({
        ...before,
        buttons: before.buttons.map(button => (button.key === key ? { ...button, ...change } : button)),
      })),
    markSaved: () => setSaved(draft),
  };
}
