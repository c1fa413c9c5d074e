import type { ImportFate } from '@recado/contract';
import { useTranslation } from 'react-i18next';
import { Pill, type Tone } from '../../../../components/marks.tsx';

const tones: Record<ImportFate, Tone> = {
  new: 'success',
  created: 'success',
  known: 'info',
  updated: 'info',
  unchanged: 'neutral',
  skipped: 'neutral',
  duplicate: 'warning',
  invalid: 'danger',
};

/** What becomes of a row, or became of it. */
export function FatePill({ fate }: { fate: ImportFate }) {
  const { t } = useTranslation();
  return <Pill tone={tones[fate]}>{t(`imports.fate.${fate}`)}</Pill>;
}
