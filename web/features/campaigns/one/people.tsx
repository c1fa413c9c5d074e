// The people of a campaign: what became of each, with filters in the address.
import type { Campaign, CampaignRecipient, CampaignResult } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Users } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Chip, Chips } from '../../../components/choose.tsx';
import { ListTable } from '../../../components/list-table.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { Empty } from '../../../components/states.tsx';
import { Mini } from '../../../components/strip.tsx';
import { type MessageStatus, StatusWord } from '../../../components/tick.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { type RecipientFilter, recipientsQuery } from '../../../data/campaigns.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { phoneToRead } from '../../../kit/phone.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { useErrorName } from '../../../words/failure.ts';
import { type CampaignSearch, type PeopleState, peopleStates } from '../search.ts';

interface Props {
  campaign: Campaign;
  result: CampaignResult | undefined;
  isMoving: boolean;
}

/** The filters for the API. */
const filterOf = ({ state, reason, account, replied }: CampaignSearch): RecipientFilter => ({
  ...(state !== undefined && { state: [...peopleStates[state]] }),
  ...(reason !== undefined && { reason }),
  ...(account !== undefined && { account_id: account }),
  ...(replied !== undefined && { replied }),
});

export type PersonRow = CampaignRecipient & { id: string };

/** The rows of a table, which have an id. */
export function usePeople(campaign: Campaign, filter: RecipientFilter, isMoving: boolean) {
  const list = useInfiniteQuery(recipientsQuery(campaign.id, filter, isMoving));
  const rows = list.data?.rows.map((row): PersonRow => ({ ...row, id: row.contact_id }));
  return { ...list, data: list.data && rows && { rows, total: list.data.total } };
}

export function PeoplePart({ campaign, result, isMoving }: Props) {
  const { t } = useTranslation();
  const search = useSearch({ from: '/inside/campaigns/$campaignId' });
  const list = usePeople(campaign, filterOf(search), isMoving);
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Filters campaign={campaign} result={result} search={search} />
      <ListTable
        list={list}
        label={t('campaigns.part.people')}
        failed={t('campaigns.peopleFailed')}
        skeletonRows={6}
        short
        columns={useColumns()}
        empty={
          <Empty icon={Users} title={t('campaigns.nobodyFits')}>
            {t('campaigns.nobodyFitsWords')}
          </Empty>
        }
      />
    </section>
  );
}

const quick: readonly PeopleState[] = ['failed', 'waiting', 'left_out'];

function Filters({ campaign, result, search }: Omit<Props, 'isMoving'> & { search: CampaignSearch }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const navigate = useNavigate();
  const { counts } = campaign;
  const change = (some: Partial<CampaignSearch>) =>
    void navigate({
      to: '/campaigns/$campaignId',
      params: { campaignId: campaign.id },
      search: { ...search, ...some },
      replace: true,
      resetScroll: false,
    });
  const none = { state: undefined, reason: undefined, account: undefined, replied: undefined };
  const isAll = !search.state && !search.reason && !search.account && !search.replied;
  const other = search.state && !quick.includes(search.state) ? search.state : undefined;
  return (
    <Chips label={t('campaigns.peopleFilters')}>
      <Chip pressed={isAll} onClick={() => change(none)}>
        {t('campaigns.tab.all')}
      </Chip>
      <Chip
        pressed={search.replied !== undefined}
        count={counts ? number(counts.replied) : undefined}
        onClick={() => change({ replied: search.replied ? undefined : 'any' })}
      >
        {t('campaigns.replied')}
      </Chip>
      {quick.map(state => (
        <Chip
          key={state}
          pressed={search.state === state}
          count={counts ? number(counts[state === 'failed' || state === 'waiting' ? state : 'left_out']) : undefined}
          onClick={() => change({ state: search.state === state ? undefined : state, reason: undefined })}
        >
          {t(`campaigns.peopleState.${state}`)}
        </Chip>
      ))}
      {other && (
        <Chip pressed removable onClick={() => change({ state: undefined })}>
          {t(`campaigns.peopleState.${other}`)}
        </Chip>
      )}
      <ReasonChip result={result} chosen={search.reason} onChoose={change} />
      <AccountChip campaign={campaign} chosen={search.account} onChoose={account => change({ account })} />
    </Chips>
  );
}

function useReasonWords(): (state: CampaignRecipient['state'], reason: string) => string {
  const { t } = useTranslation();
  const { tOr, has } = useTextOr();
  const errorName = useErrorName();
  return (_, reason) =>
    has(`campaigns.leftOut.${reason}`)
      ? tOr(`campaigns.leftOut.${reason}`, reason)
      : `${errorName(reason, t('campaigns.otherFailure'))} (${reason})`;
}

interface ReasonProps {
  result: CampaignResult | undefined;
  chosen: string | undefined;
  onChoose: (change: Partial<CampaignSearch>) => void;
}

function ReasonChip({ result, chosen, onChoose }: ReasonProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const words = useReasonWords();
  if (chosen !== undefined)
    return (
      <Chip pressed removable onClick={() => onChoose({ reason: undefined })}>
        {words('failed', chosen)}
      </Chip>
    );
  const failed = (result?.failed ?? []).map(({ code, people }) => ({ state: 'failed' as const, code, people }));
  const out = (result?.left_out ?? []).map(({ value, people }) => ({
    state: 'left_out' as const,
    code: value,
    people,
  }));
  if (failed.length + out.length === 0) return null;
  return (
    <Menu label={t('campaigns.reasonChip')} trigger={<AddChip>{t('campaigns.reasonChip')}</AddChip>}>
      {[...failed, ...out].map(({ state, code, people }) => (
        <MenuItem key={`${state} ${code}`} end={number(people)} onSelect={() => onChoose({ state, reason: code })}>
          {words(state, code)}
        </MenuItem>
      ))}
    </Menu>
  );
}

interface AccountProps {
  campaign: Campaign;
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

function AccountChip({ campaign, chosen, onChoose }: AccountProps) {
  const { t } = useTranslation();
  const accounts = useAccounts(useMay('accounts.read')).filter(({ id }) => campaign.account_ids.includes(id));
  if (chosen !== undefined)
    return (
      <Chip pressed removable onClick={() => onChoose(undefined)}>
        <bdi>{accounts.find(({ id }) => id === chosen)?.name ?? t('campaigns.account')}</bdi>
      </Chip>
    );
  if (accounts.length < 2) return null;
  return (
    <Menu label={t('campaigns.account')} trigger={<AddChip>{t('campaigns.account')}</AddChip>}>
      {accounts.map(({ id, name }) => (
        <MenuItem key={id} onSelect={() => onChoose(id)}>
          <bdi>{name}</bdi>
        </MenuItem>
      ))}
    </Menu>
  );
}

/** A chip that opens a menu. */
const AddChip = ({ children, ...rest }: { children: string }) => (
  <Chip pressed={false} adds {...rest}>
    <Plus size={14} aria-hidden="true" />
    {children}
  </Chip>
);

const statusOf: Record<CampaignRecipient['state'], MessageStatus> = {
  left_out: 'cancelled',
  waiting: 'queued',
  sending: 'sending',
  unknown: 'unknown',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'expired',
  deleted: 'cancelled',
};

/** The name, or else the number. */
export function PersonName({ row }: { row: PersonRow }) {
  const { t } = useTranslation();
  const name = row.name || (row.phone && phoneToRead(row.phone)) || t('inbox.nameless');
  if (row.reason === 'erased') return <span className="text-muted">{name}</span>;
  return (
    <Link
      to="/contacts/$contactId"
      params={{ contactId: row.contact_id }}
      className="cut block font-medium text-text hover:underline max-md:py-1"
    >
      <bdi>{name}</bdi>
    </Link>
  );
}

export function ReplyPill({ kind }: { kind: NonNullable<CampaignRecipient['replied']> }) {
  const { t } = useTranslation();
  return <Pill tone={kind === 'sure' ? 'info' : 'neutral'}>{t(`campaigns.reply.${kind}`)}</Pill>;
}

function useColumns() {
  const { t } = useTranslation();
  const { when, exact, moment } = useFormat();
  return [
    {
      head: t('campaigns.person'),
      look: 'wide md:w-auto! md:max-w-56!',
      cell: (row: PersonRow) => <PersonName row={row} />,
    },
    {
      head: t('campaigns.leaves'),
      look: 'small-hidden text-muted',
      cell: ({ due_at: at }: PersonRow) => at !== null && moment(new Date(at)).words,
    },
    {
      head: t('campaigns.way'),
      look: 'small-hidden',
      cell: ({ state }: PersonRow) => state !== 'left_out' && <Mini status={statusOf[state]} />,
    },
    { head: t('campaigns.status'), look: 'small-full md:w-full', cell: (row: PersonRow) => <StatusCell row={row} /> },
    {
      head: t('campaigns.replyColumn'),
      cell: ({ replied }: PersonRow) => replied && <ReplyPill kind={replied} />,
    },
    {
      head: t('campaigns.last'),
      end: true,
      look: 'text-muted',
      title: ({ updated_at: at }: PersonRow) => (at === null ? undefined : exact(at)),
      cell: ({ updated_at: at }: PersonRow) => at !== null && when(at),
    },
  ];
}

function StatusCell({ row: { state, reason, message_id: messageId } }: { row: PersonRow }) {
  const { t } = useTranslation();
  const words = useReasonWords();
  const status = <StatusWord status={statusOf[state]} word={t(`campaigns.personState.${state}`)} />;
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {messageId === null ? (
        status
      ) : (
        <Link to="/messages/$messageId" params={{ messageId }} className="no-underline hover:underline max-md:py-1">
          {status}
        </Link>
      )}
      {reason !== null && <span className="text-muted">{words(state, reason)}</span>}
    </span>
  );
}
