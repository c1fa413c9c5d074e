// How Recado reaches WhatsApp: the Sandbox first, a number at Meta, or a phone to link.

import type { Account } from '@recado/client';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { ChoiceCard } from '../../components/choice-card.tsx';
import { Failed, Loading, Skeleton } from '../../components/states.tsx';
import { channelsQuery, createAccount } from '../../data/accounts.ts';
import { useAction } from '../../kit/use-action.ts';
import { channelIcons } from '../accounts/index.ts';
import { Narrow } from './frame.tsx';

/** A new workspace has a Sandbox. The other channels have forms of their own. */
const ways = [
  {
    channel: 'sandbox',
    words: 'firstRun.account.sandboxWords',
    action: 'firstRun.account.withSandbox',
    hasForm: false,
  },
  { channel: 'cloud', words: 'firstRun.account.cloudWords', action: 'firstRun.account.withCloud', hasForm: true },
  { channel: 'web', words: 'connect.about_web', action: 'firstRun.account.withWeb', hasForm: true },
] as const;

interface Props {
  sandbox: UseQueryResult<Account | null>;
  onContinue: () => void;
}

export function AccountStep({ sandbox, onContinue }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [way, setWay] = useState<(typeof ways)[number]>(ways[0]);
  const create = useAction({
    ...createAccount,
    onDone: onContinue,
  });
  const off = useQuery(channelsQuery).data?.data.filter(({ available }) => !available) ?? [];
  const shown = ways.filter(({ channel }) => !off.some(({ name }) => name === channel));
  const proceed = () => {
    if (way.hasForm) void navigate({ to: '/accounts/new', search: { channel: way.channel } });
    else if (sandbox.data === null) create.mutate({ name: 'Sandbox', channel: 'sandbox' });
    else onContinue();
  };
  return (
    <Narrow>
      <div>
        <h1 className="text-28/9 tracking-tight">{t('firstRun.account.title')}</h1>
        <p className="mt-1 text-muted">{t('firstRun.account.intro')}</p>
      </div>
      {sandbox.isError ? (
        <Failed title={t('firstRun.failed')} error={sandbox.error} retry={() => void sandbox.refetch()} />
      ) : sandbox.data === undefined ? (
        <Loading>
          <Skeleton className="h-32 w-full" />
        </Loading>
      ) : (
        <>
          <fieldset className="grid gap-3">
            <legend className="sr-only">{t('firstRun.account.title')}</legend>
            {shown.map(each => (
              <ChoiceCard
                key={each.channel}
                name="way"
                icon={channelIcons[each.channel]}
                title={t(`channel.${each.channel}`)}
                words={t(each.words)}
                chosen={way === each}
                onChoose={() => setWay(each)}
              />
            ))}
          </fieldset>
          {off.map(({ name, reason }) => (
            <p key={name} className="text-13 text-muted">
              {t('connect.off', { channel: t(`channel.${name}`), reason: reason ?? '' })}
            </p>
          ))}
          <Button kind="primary" busy={create.isPending} onClick={proceed}>
            {t(way.action)}
          </Button>
        </>
      )}
    </Narrow>
  );
}
