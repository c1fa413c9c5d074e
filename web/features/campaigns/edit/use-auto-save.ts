// A draft that saves itself once somebody rests, on the revision that it was read at.
import { ApiError, type Campaign } from '@recado/client';
import { useEffect, useRef, useState } from 'react';
import { updateCampaign } from '../../../data/campaigns.ts';
import { useChange } from '../../../kit/use-action.ts';
import { useSettled } from '../../../kit/use-settled.ts';
import { changesOf, type Draft, draftOf, settingsOf } from './draft.ts';

export interface AutoSave {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  /** The revision at the server that the form has. */
  revision: number;
  isUnsaved: boolean;
  error: unknown;
  /** Somebody else changed the draft meanwhile: nothing is saved until it is read again. */
  isOvertaken: boolean;
  /** Saves again what could not be saved. */
  retry: () => void;
  /** Takes what the server has. */
  adopt: (campaign: Campaign) => void;
}

const isEmpty = (changes: object) => Object.keys(changes).length === 0;

export function useAutoSave(campaign: Campaign): AutoSave {
  const [draft, setDraft] = useState(() => draftOf(campaign));
  const [saved, setSaved] = useState(() => ({ settings: settingsOf(draft), revision: campaign.revision }));
  const [isSaving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = useChange(updateCampaign);
  const rested = useSettled(draft);
  /** The draft that could not be saved: only another one is tried by itself. */
  const refused = useRef<Draft>(undefined);
  const isOvertaken = error instanceof ApiError && error.code === 'campaign_changed';
  const isUnsaved = isSaving || !isEmpty(changesOf(saved.settings, settingsOf(draft)));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the functions are new at each drawing
  useEffect(() => {
    const settings = settingsOf(rested);
    const body = changesOf(saved.settings, settings);
    if (isSaving || isOvertaken || isEmpty(body) || refused.current === rested) return;
    setSaving(true);
    save({ id: campaign.id, revision: saved.revision, body })
      .then(
        ({ revision }) => {
          setSaved({ settings: { ...saved.settings, ...body }, revision });
          setError(undefined);
        },
        (failure: unknown) => {
          refused.current = rested;
          setError(failure);
        },
      )
      .finally(() => setSaving(false));
  }, [rested, saved, isSaving, isOvertaken, error]);

  function adopt(newer: Campaign): void {
    const next = draftOf(newer);
    setDraft(next);
    setSaved({ settings: settingsOf(next), revision: newer.revision });
    setError(undefined);
  }

  // Somebody else's change is taken where nothing is lost by it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new revision is a reason
  useEffect(() => {
    if (campaign.revision > saved.revision && !isUnsaved && campaign.state === 'draft') adopt(campaign);
  }, [campaign.revision]);

  return {
    draft,
    set: change => setDraft(before => ({ ...before, ...change })),
    revision: saved.revision,
    isUnsaved,
    error,
    isOvertaken,
    retry: () => {
      refused.current = undefined;
      setError(undefined);
    },
    adopt,
  };
}
