// Asks before the demo data goes: how much it is, and who stays.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Answer, Skeleton } from '../../components/states.tsx';
import { accountQuery } from '../../data/accounts.ts';
import { type Demo, deleteDemo, demoQuery } from '../../data/demo.ts';
import { useFormat } from '../../kit/format.ts';
import { phoneToRead } from '../../kit/phone.ts';
import { useAction } from '../../kit/use-action.ts';

export function RemoveDemoDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  // Somebody may have written since it was read.
  const demo = useQuery({ ...demoQuery, staleTime: 0, refetchOnMount: 'always' });
  const facts = demo.isFetching ? undefined : demo.data;
  const remove = useAction({ ...deleteDemo, done: t('firstRun.demo.removed'), onDone: onClose });
  return (
    <ConfirmDialog
      title={t('firstRun.demo.removeTitle')}
      keep={t('firstRun.demo.keep')}
      confirm={t('firstRun.demo.removeAction')}
      busy={remove.isPending}
      impossible={facts ? undefined : t('state.loading')}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <Answer
        query={{ data: facts, error: demo.isFetching ? undefined : demo.error, refetch: demo.refetch }}
        failed={t('firstRun.demo.failed')}
        skeleton={<Skeleton className="h-16 w-full" />}
      >
        {data => <Facts demo={data} />}
      </Answer>
    </ConfirmDialog>
  );
}

const mostNamed = 5;

function Facts({ demo: { account_id: id, people, messages, others, others_total: total } }: { demo: Demo }) {
  const { t } = useTranslation();
  const { names, number } = useFormat();
  const account = useQuery({ ...accountQuery(id ?? ''), enabled: id !== null }).data;
  const nameOf = ({ name, phone }: Demo['others'][number]) => name ?? (phone && phoneToRead(phone));
  const named = others
    .slice(0, mostNamed)
    .map(nameOf)
    .filter(name => name !== null);
  const more = total - named.length;
  const listed = more > 0 ? [...named, t('firstRun.demo.others', { count: more, shown: number(more) })] : named;
  return (
    <>
      <p>
        {t('firstRun.demo.goes', {
          account: account?.name ?? t('accounts.account'),
          people: t('firstRun.demo.people', { count: people }),
          messages: t('firstRun.demo.messages', { count: messages }),
        })}
      </p>
      <p>{total > 0 ? t('firstRun.demo.stays', { names: names(listed) }) : t('firstRun.demo.nobodyElse')}</p>
    </>
  );
}
