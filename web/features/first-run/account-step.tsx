// How Recado reaches WhatsApp: the Sandbox first, or a number at Meta.

import type { Account } from '@recado/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Failed, Loading, Skeleton } from '../../components/states.tsx';
import { createAccount } from '../../data/accounts.ts';
import { cx } from '../../kit/class-names.ts';
import { useAction } from '../../kit/use-action.ts';
import { channelIcons } from '../accounts/index.ts';
import { Narrow } from './frame.tsx';

/** A new workspace has a Sandbox. A real number has a form of its own. */
const ways = [
  { channel: 'sandbox', icon: channelIcons.sandbox, action: 'firstRun.account.withSandbox', hasForm: false },
  { channel: 'cloud', icon: channelIcons.cloud, action: 'firstRun.account.withCloud', hasForm: true },
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
  const proceed = () => {
    if (way.hasForm) void navigate({ to: '/accounts/new' });
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
            {ways.map(each => (
              <label
                key={each.channel}
                className={cx(
                  'flex cursor-pointer gap-3 rounded-card border px-4 py-3.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
                  way === each
                    ? 'border-accent-line bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent-line)]'
                    : 'border-line/40 bg-surface',
                )}
              >
                <input
                  type="radio"
                  name="way"
                  value={each.channel}
                  checked={way === each}
                  onChange={() => setWay(each)}
                  className="sr-only"
                />
                <each.icon
                  size={20}
                  strokeWidth={1.6}
                  aria-hidden="true"
                  className={cx('mt-px flex-none', way === each ? 'text-accent-text' : 'text-muted')}
                />
                <span>
                  <b className="block font-strong">{t(`firstRun.account.${each.channel}`)}</b>
                  <span className="text-13 text-muted">{t(`firstRun.account.${each.channel}Words`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <Button kind="primary" busy={create.isPending} onClick={proceed}>
            {t(way.action)}
          </Button>
        </>
      )}
    </Narrow>
  );
}
