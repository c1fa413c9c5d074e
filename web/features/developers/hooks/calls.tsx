// What came to a hook, and what it became.
import type { HookCall } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ListTable } from '../../../components/list-table.tsx';
import { Empty } from '../../../components/states.tsx';
import { hookCallsQuery } from '../../../data/hooks.ts';
import { useFormat } from '../../../kit/format.ts';
import { HttpStatus } from '../http-status.tsx';

export function Calls({ hookId }: { hookId: string }) {
  const { t } = useTranslation();
  const { day, clock, exact } = useFormat();
  const became = useBecame();
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2>{t('developers.hooks.lastCalls')}</h2>
      <ListTable
        list={useInfiniteQuery(hookCallsQuery(hookId))}
        label={t('developers.hooks.lastCalls')}
        failed={t('developers.hooks.callsFailed')}
        short
        empty={
          <Empty icon={Radio} title={t('developers.hooks.noCall')}>
            {t('developers.hooks.noCallWords')}
          </Empty>
        }
        columns={[
          {
            head: t('developers.hooks.at'),
            look: 'num text-muted',
            title: ({ at }: HookCall) => exact(at),
            cell: ({ at }: HookCall) => `${day(at)} ${clock(at)}`,
          },
          {
            head: t('developers.hooks.what'),
            look: 'wide small-full',
            cell: ({ state, title, error }: HookCall) =>
              title === null || state === null ? (
                <bdi lang="en">{error}</bdi>
              ) : (
                <>
                  {t(`developers.hooks.state.${state}`)} <bdi>{title}</bdi>
                </>
              ),
          },
          {
            head: t('developers.hooks.became'),
            look: 'small-full text-muted',
            cell: (call: HookCall) => (
              <>
                {became(call)}
                {call.error !== null && call.title !== null && (
                  <bdi lang="en" className="block text-danger">
                    {call.error}
                  </bdi>
                )}
              </>
            ),
          },
          {
            head: t('developers.hooks.status'),
            end: true,
            cell: ({ status }: HookCall) => <HttpStatus status={status} />,
          },
        ]}
      />
    </section>
  );
}

/** What a call became, in words: its messages, and how many of them were read. */
function useBecame(): (call: HookCall) => string {
  const { t } = useTranslation();
  const { number } = useFormat();
  return ({ outcome, told_with, messages: { total, by_status } }) => {
    if (outcome !== 'sent') return t(`developers.hooks.outcome.${outcome}`);
    if (told_with !== null) return t('developers.hooks.joined');
    const sent = t('developers.hooks.messages', { count: total, number: number(total) });
    const read = (by_status.read ?? 0) + (by_status.played ?? 0);
    const failed = by_status.failed ?? 0;
    if (failed > 0) return `${sent}, ${t('developers.hooks.someFailed', { number: number(failed) })}`;
    if (read === total) return `${sent}, ${t('developers.hooks.allRead')}`;
    return read > 0 ? `${sent}, ${t('developers.hooks.someRead', { number: number(read) })}` : sent;
  };
}
