// Why messages wait: each reason with its count, when it ends, and what to do.

import type { Account, QueueReasons } from '@recado/client';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../components/button.tsx';
import { SkeletonLines } from '../../components/states.tsx';
import { Card, CardHead } from '../../components/surfaces.tsx';
import { resumeAccount } from '../../data/accounts.ts';
import { useMay } from '../../data/me.ts';
import type { QueueFilter } from '../../data/queue-filter.ts';
import { useFormat } from '../../kit/format.ts';
import { useAction } from '../../kit/use-action.ts';
import { useNow } from '../../kit/use-now.ts';
import { useReasonWords, useUntilWords } from '../../words/waiting.ts';
import { CredentialsDialog } from '../accounts/index.ts';
import type { QueueSearch } from './search.ts';

type Reason = QueueReasons['reasons'][number];

interface Props {
  reasons: QueueReasons | undefined;
  accounts: readonly Account[];
  filter: QueueFilter;
  onChange: (change: Partial<QueueSearch>) => void;
}

/** Reasons of what is scheduled stand in the list of scheduled messages. */
const isOfQueue = ({ reason }: Reason) => reason !== 'scheduled';

export function Reasons({ reasons, accounts, filter, onChange }: Props) {
  const { t } = useTranslation();
  const rows = reasons?.reasons.filter(isOfQueue);
  const most = Math.max(1, ...(rows ?? []).map(({ messages }) => messages));
  return (
    <Card className="lg:col-span-8">
      <CardHead title={reasons ? t('queue.why', { count: reasons.queued }) : t('queue.whyTitle')}>
        {reasons && reasons.scheduled > 0 && (
          <span className="num text-13 text-muted">{t('queue.moreScheduled', { count: reasons.scheduled })}</span>
        )}
      </CardHead>
      {!rows && <SkeletonLines />}
      {rows?.length === 0 && (
        <p className="flex items-center gap-2.5 px-4 pb-5 text-muted md:px-5">
          <CircleCheck size={16} strokeWidth={1.75} className="text-success" aria-hidden="true" />
          {t('queue.nothingWaits')}
        </p>
      )}
      {rows && rows.length > 0 && (
        <table className="data-table short w-full border-separate border-spacing-0 text-13">
          <thead>
            <tr>
              <th scope="col">{t('queue.reasonColumn')}</th>
              <th scope="col" className="end">
                {t('queue.messagesColumn')}
              </th>
              <th scope="col" className="max-md:hidden">
                <span className="sr-only">{t('queue.shareColumn')}</span>
              </th>
              <th scope="col">{t('queue.endsColumn')}</th>
              <th scope="col">
                <span className="sr-only">{t('queue.remedyColumn')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <ReasonRow
                key={`${row.account_id} ${row.reason}`}
                row={row}
                share={row.messages / most}
                account={accounts.find(({ id }) => id === row.account_id)}
                isChosen={filter.reason === row.reason && filter.account === row.account_id}
                onChoose={() => onChange({ status: 'waiting', account: row.account_id, reason: row.reason })}
              />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

interface RowProps {
  row: Reason;
  share: number;
  account: Account | undefined;
  isChosen: boolean;
  onChoose: () => void;
}

function ReasonRow({ row, share, account, isChosen, onChoose }: RowProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const words = useReasonWords();
  return (
    <tr aria-selected={isChosen}>
      <td className="wide whitespace-normal! md:py-2!">
        <button type="button" className="rounded-badge text-start font-medium hover:underline" onClick={onChoose}>
          {t(`queue.reason.${row.reason}`)}
        </button>{' '}
        <span className="text-muted">
          <bdi>{words(row.reason, account)}</bdi>
        </span>
      </td>
      <td className="end">{number(row.messages)}</td>
      <td className="small-hidden w-24">
        <span className="block h-1.5 w-22 rounded-[2px]">
          <span
            className="block h-full min-w-0.5 rounded-[2px] bg-(--stage-waiting)"
            style={{ width: `${Math.max(2, share * 100)}%` }}
          />
        </span>
      </td>
      <td className="small-full text-muted md:text-text">
        <Ends reason={row.reason} until={row.until} />
      </td>
      <td className="small-full md:text-end">
        <Remedy reason={row.reason} account={account} />
      </td>
    </tr>
  );
}

/** Ticks down. */
function Ends({ reason, until }: Pick<Reason, 'reason' | 'until'>) {
  const words = useUntilWords();
  return <>{words(reason, until, useNow(1_000))}</>;
}

const limits: readonly Reason['reason'][] = [
  'rate_limit',
  'daily_limit',
  'new_conversation_limit',
  'quiet_hours',
  'recipient_limit',
];

/** What somebody can do about a reason, if anything. */
function Remedy({ reason, account }: { reason: Reason['reason']; account: Account | undefined }): ReactNode {
  const { t } = useTranslation();
  const mayManage = useMay('accounts.manage');
  const [isOpen, setOpen] = useState(false);
  const resume = useAction({
    ...resumeAccount,
    done: ({ name }) => t('accounts.resumed', { name }),
  });
  if (!mayManage || !account) return null;
  if (limits.includes(reason))
    return (
      <Link to="/accounts/$accountId" params={{ accountId: account.id }} hash="limits" className="link">
        {t('queue.remedy.limits')}
      </Link>
    );
  if (reason === 'account_error' && account.capabilities.credentials)
    return (
      <>
        <LinkButton onClick={() => setOpen(true)}>{t('accounts.newToken')}</LinkButton>
        {isOpen && <CredentialsDialog account={account} onClose={() => setOpen(false)} />}
      </>
    );
  if (reason === 'paused' || reason === 'flagged' || reason === 'account_error' || reason === 'restricted')
    return (
      <LinkButton
        aria-busy={resume.isPending || undefined}
        onClick={() => !resume.isPending && resume.mutate(account.id)}
      >
        {t('accounts.resume')}
      </LinkButton>
    );
  return null;
}
