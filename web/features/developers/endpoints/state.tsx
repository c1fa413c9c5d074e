// How an endpoint answers, in words.
import type { Endpoint } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Dot, type Health } from '../../../components/marks.tsx';
import { useFormat } from '../../../kit/format.ts';

export const hostOf = (url: string): string => new URL(url).host;

export function EndpointState({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const { when } = useFormat();
  const { status, disabled_reason: reason, failing_since: since } = endpoint;
  const [health, words]: [Health, string] =
    status === 'disabled'
      ? ['danger', t(`developers.endpoints.disabled.${reason ?? 'failing'}`)]
      : status === 'paused'
        ? ['off', t('developers.endpoints.paused')]
        : since !== null
          ? ['warning', t('developers.endpoints.failing', { when: when(since) })]
          : ['success', t('developers.endpoints.answers')];
  return (
    <span className="inline-flex items-center gap-2">
      <Dot health={health} />
      {words}
    </span>
  );
}
