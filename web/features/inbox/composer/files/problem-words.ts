// Why a file cannot be sent, in words.
import { useTranslation } from 'react-i18next';
import { useBytes } from '../../../../kit/bytes.ts';
import type { Verdict } from './kinds.ts';

const words = { empty: 'empty', type: 'wrongType', broken: 'broken' } as const;

/** Why a file cannot be sent, and what to do; undefined if it can. */
export function useProblemWords(): (verdict: Verdict | undefined) => string | undefined {
  const { t } = useTranslation();
  const bytes = useBytes();
  return verdict => {
    if (verdict?.problem === undefined) return undefined;
    if (verdict.problem === 'size')
      return t('composer.files.tooLarge', {
        kind: t(`composer.files.kind.${verdict.kind}`),
        most: bytes(verdict.most),
      });
    if (verdict.problem === 'quota') return t('composer.files.noRoom', { left: bytes(verdict.most) });
    return t(`composer.files.${words[verdict.problem]}`);
  };
}
