// What a rate card that is not in use would change.
import type { RateCard, RateChanges } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button, LinkButton } from '../../../components/button.tsx';
import { Dot, Pill } from '../../../components/marks.tsx';
import { Answer, SkeletonCard } from '../../../components/states.tsx';
import { Card, CardBody, CardFoot, CardHead, Table } from '../../../components/surfaces.tsx';
import { discardRateCard, rateChangesQuery, takeRateCard } from '../../../data/cost.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useCategoryWords } from '../words.ts';

type Row = RateChanges['data'][number];

const mostRows = 60;

export function ChangesCard({ draft, mayManage }: { draft: RateCard; mayManage: boolean }) {
  const { t } = useTranslation();
  const changes = useQuery(rateChangesQuery(draft.id));
  return (
    <Answer query={changes} failed={t('cost.changesFailed')} skeleton={<SkeletonCard className="h-96" />}>
      {data => <Changes changes={data} mayManage={mayManage} />}
    </Answer>
  );
}

function Changes({ changes, mayManage }: { changes: RateChanges; mayManage: boolean }) {
  const { t } = useTranslation();
  const { number, money, date } = useFormat();
  const [isRight, setRight] = useState(false);
  const { card, before, month_before: was, month_after: will } = changes;
  const take = useAction({ ...takeRateCard, done: t('cost.taken', { name: card.name }) });
  const discard = useAction({ ...discardRateCard, done: t('cost.discarded') });
  const shown = before ? changes.data.filter(each => each.change !== 'same' || each.messages > 0) : changes.data;
  const [odd] = changes.data.filter(each => each.odd);
  const asks = changes.odd > 0 && !isRight;
  return (
    <Card>
      <CardHead title={t('cost.changesOf', { name: card.name })}>
        <span className="text-13 text-muted max-md:basis-full">
          <bdi>{card.file_name}</bdi>, {t('cost.marketCount', { count: card.markets })}
        </span>
      </CardHead>
      <CardBody className="grid gap-4">
        <div className="grid grid-cols-2 gap-4 md:grid-cols-4">
          <Figure count={changes.rises} name={t('cost.rise')} health="warning" />
          <Figure count={changes.falls} name={t('cost.fall')} health="success" />
          <Figure count={changes.new} name={t('cost.new')} health="info" />
          <Figure count={changes.odd} name={t('cost.odd')} health="danger" />
        </div>
        {odd && (
          <OddBanner
            odd={odd}
            currency={card.currency}
            isRight={isRight}
            onRight={mayManage ? () => setRight(true) : undefined}
          />
        )}
      </CardBody>
      <Rates rows={shown.slice(0, mostRows)} card={card} />
      <CardFoot>
        <p className="min-w-0 flex-1 text-13 text-muted max-md:basis-full">
          {t('cost.noRateIsNeverFree')}{' '}
          {shown.length > mostRows && t('cost.cut', { shown: number(mostRows), all: number(shown.length) })}{' '}
          {was !== null &&
            will !== null &&
            t('cost.monthWould', { after: money(will, card.currency), before: money(was, card.currency) })}
        </p>
        {mayManage && (
          <>
            <Button kind="line" busy={discard.isPending} onClick={() => discard.mutate(card.id)}>
              {t('cost.discard')}
            </Button>
            <Button
              kind="line"
              busy={take.isPending}
              impossible={asks ? t('cost.lookFirst') : undefined}
              onClick={() => take.mutate({ id: card.id, accept_odd: isRight })}
            >
              {t('cost.useFrom', { day: date(card.valid_from) })}
            </Button>
          </>
        )}
      </CardFoot>
    </Card>
  );
}

const Figure = ({
  count,
  name,
  health,
}: {
  count: number;
  name: string;
  health: 'warning' | 'success' | 'info' | 'danger';
}) => {
  const { number } = useFormat();
  return (
    <div className="grid gap-0.5">
      <span className="num text-28 font-strong">{number(count)}</span>
      <span className="flex items-center gap-1.5 font-medium">
        <Dot health={health} />
        {name}
      </span>
    </div>
  );
};

interface OddProps {
  odd: Row;
  currency: string;
  isRight: boolean;
  onRight: (() => void) | undefined;
}

function OddBanner({ odd: { market, category, before, after }, currency, isRight, onRight }: OddProps) {
  const { t } = useTranslation();
  const { rate } = useFormat();
  const categoryWords = useCategoryWords();
  const place = { market, category: categoryWords(category) };
  const amounts = { before: rate(before ?? '0', currency), after: rate(after ?? '0', currency) };
  return (
    <Banner
      tone="warning"
      title={t('cost.goesFrom', { ...place, ...amounts })}
      action={onRight && !isRight && <LinkButton onClick={onRight}>{t('cost.itIsRight')}</LinkButton>}
    >
      {t(isRight ? 'cost.saidRight' : 'cost.oftenSlipped')}
    </Banner>
  );
}

function Rates({ rows, card }: { rows: readonly Row[]; card: RateCard }) {
  const { t } = useTranslation();
  const { number, rate, date } = useFormat();
  const categoryWords = useCategoryWords();
  const amount = (text: string | null) => (text === null ? <Pill>{t('cost.noRate')}</Pill> : rate(text, card.currency));
  return (
    <Table label={t('cost.changesOf', { name: card.name })} bare short>
      <thead>
        <tr>
          <th scope="col">{t('cost.market')}</th>
          <th scope="col">{t('cost.category')}</th>
          {card.kind === 'tiers' && (
            <th scope="col" className="end">
              {t('cost.from')}
            </th>
          )}
          <th scope="col" className="end">
            {t('cost.now')}
          </th>
          <th scope="col" className="end">
            {t('cost.then', { day: date(card.valid_from) })}
          </th>
          <th scope="col" className="end">
            {t('cost.change')}
          </th>
          <th scope="col" className="end">
            {t('cost.yours')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={`${row.market} ${row.category} ${row.tier_from}`} aria-selected={row.odd || undefined}>
            <td className="wide font-medium">
              <bdi>{row.market}</bdi>
            </td>
            <td className="text-muted">{categoryWords(row.category)}</td>
            {card.kind === 'tiers' && <td className="num end">{number(row.tier_from)}</td>}
            <td className="num end" data-label={t('cost.now')}>
              {amount(row.before)}
            </td>
            <td className="num end" data-label={t('cost.then', { day: date(card.valid_from) })}>
              {amount(row.after)}
            </td>
            <td className="end">
              <ChangeWords row={row} />
            </td>
            <td className="num end text-muted">{t('cost.messages', { count: row.messages })}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function ChangeWords({ row: { change, percent, odd } }: { row: Row }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (change === 'same') return <span className="text-faint">{t('cost.same')}</span>;
  if (change === 'new') return <Pill tone="info">{t('cost.new')}</Pill>;
  if (change === 'gone') return <span className="font-medium text-danger">{t('cost.gone')}</span>;
  const words = percent === null ? '' : format.percent(Math.abs(percent) / 100);
  const look = odd ? 'font-medium text-danger' : change === 'rises' ? 'text-warning' : 'text-success';
  return (
    <span className={look}>
      <span aria-hidden="true">{change === 'rises' ? '▲' : '▼'}</span>{' '}
      {t(change === 'rises' ? 'cost.more' : 'cost.less', { share: words })}
    </span>
  );
}
