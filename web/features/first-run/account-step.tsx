// How Recado reaches WhatsApp: the Sandbox first, or a number at Meta.
import { useNavigate } from '@tanstack/react-router';
import { Cloud, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Failed, Loading, Skeleton } from '../../components/states.tsx';
import { cx } from '../../kit/class-names.ts';
import { recado } from '../../kit/client.ts';
import { useAction } from '../../kit/use-action.ts';
import { Narrow } from './frame.tsx';
import type { useSandbox } from './sandbox.ts';

const ways = [
  { value: 'sandbox', icon: Smartphone },
  { value: 'cloud', icon: Cloud },
] as const;

interface Props {
  sandbox: ReturnType<typeof useSandbox>;
  onContinue: () => void;
}

export function AccountStep({ sandbox, onContinue }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [way, setWay] = useState<'sandbox' | 'cloud'>('sandbox');
  const create = useAction({
    act: () => recado.accounts.create({ name: 'Sandbox', channel: 'sandbox' }),
    changes: [['accounts']],
    onDone: onContinue,
  });
  const proceed = () => {
    if (way === 'cloud') void navigate({ to: '/accounts/new' });
    else if (sandbox.data === null) create.mutate();
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
            {ways.map(({ value, icon: Icon }) => (
              <label
                key={value}
                className={cx(
                  'flex cursor-pointer gap-3 rounded-card border px-4 py-3.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
                  way === value
                    ? 'border-accent-line bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent-line)]'
                    : 'border-line/40 bg-surface',
                )}
              >
                <input
                  type="radio"
                  name="way"
                  value={value}
                  checked={way === value}
                  onChange={() => setWay(value)}
                  className="sr-only"
                />
                <Icon
                  size={20}
                  strokeWidth={1.6}
                  aria-hidden="true"
                  className={cx('mt-px flex-none', way === value ? 'text-accent-text' : 'text-muted')}
                />
                <span>
                  <b className="block font-strong">{t(`firstRun.account.${value}`)}</b>
                  <span className="text-13 text-muted">{t(`firstRun.account.${value}Words`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <Button kind="primary" busy={create.isPending} onClick={proceed}>
            {t(way === 'sandbox' ? 'firstRun.account.withSandbox' : 'firstRun.account.withCloud')}
          </Button>
        </>
      )}
    </Narrow>
  );
}
