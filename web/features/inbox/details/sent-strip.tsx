// How far the messages of the last 90 days have got.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { countsOf, Strip, totalOf } from '../../../components/strip.tsx';
import { sentQuery } from '../../../data/statistics.ts';
import { useFormat } from '../../../kit/format.ts';

interface Props {
  of: { conversation_id: string } | { contact_id: string };
  label: string;
  /** Whether the person may read messages. */
  enabled?: boolean;
}

/** The strip and its sum; nothing until it is known. */
export function useSentStrip({ of, label, enabled = true }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const sent = useQuery({ ...sentQuery(of), enabled }).data;
  if (!sent) return undefined;
  const counts = countsOf(sent.by_status);
  const total = totalOf(counts);
  return {
    total: number(total),
    strip:
      total === 0 ? (
        <p className="text-13 text-muted">{t('inbox.sent.nothing')}</p>
      ) : (
        <Strip small counts={counts} label={label} />
      ),
  };
}
