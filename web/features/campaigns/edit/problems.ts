// The problems that prevent a start, in words and at their fields.
import { ApiError, type CampaignOutlook } from '@recado/client';
import { useTranslation } from 'react-i18next';

export type Problem = CampaignOutlook['problems'][number];
export type Section = 'message' | 'people' | 'when' | 'rules';

/** The problems that the server names for a start; none for other errors. */
export const problemsOf = (error: unknown): readonly Problem[] =>
  error instanceof ApiError && error.code === 'campaign_not_ready' ? error.errors : [];

/** The section of the form that has a field. */
export function sectionOf({ field }: Problem): Section {
  if (field.startsWith('include') || field.startsWith('exclude')) return 'people';
  if (field.startsWith('start') || field.startsWith('hours')) return 'when';
  return field.startsWith('variants') || field.startsWith('account_ids') ? 'message' : 'rules';
}

/** The problems of fields that begin with a path. */
export const problemsAt = (problems: readonly Problem[], path: string): readonly Problem[] =>
  problems.filter(({ field }) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`));

/** A problem in the person's language where we have words for its field; else as the API says it. */
export function useProblemWords(): (problem: Problem) => string {
  const { t } = useTranslation();
  return ({ field, message }) => {
    if (field === 'account_ids') return t('campaigns.lacks.accounts');
    if (field === 'include') return t('campaigns.lacks.people');
    if (field === 'variants') return t('campaigns.lacks.message');
    if (field === 'start.zone_field') return t('campaigns.lacks.zone');
    const variable = /\.variables\.(\w+)$/.exec(field)?.[1];
    return variable === undefined ? message : t('campaigns.lacks.variable', { name: variable });
  };
}
