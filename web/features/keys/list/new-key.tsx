// A key right after it was made: shown once, with a program that uses it.

import type { NewApiKey } from '@recado/client';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { copy } from '../../../components/code.tsx';
import { TryKey } from '../../../components/message/try-key.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { toast } from '../../../kit/toasts.ts';
import { openWindow } from '../../inbox/index.ts';

/** The number of a simulated phone that answers. */
const simulated = '+5511987654321';

export function NewKey({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  const save = () => void copy(made.key).then(() => toast(t('keys.copied')));
  const accounts = useAccounts();
  // Only a simulated phone is written to from here.
  const account = accounts.find(
    ({ id, capabilities }) => capabilities.simulated && (made.account_ids === null || made.account_ids.includes(id)),
  );
  return (
    <section data-rise className="grid min-w-0 gap-3 rounded-card border border-accent-line bg-accent-soft px-5 py-4">
      <div className="flex items-start justify-between gap-3">
        <p role="status">
          <b>{t('keys.made', { name: made.name })}</b> <span className="text-muted">{t('keys.madeWords')}</span>
        </p>
        <IconButton icon={X} size="small" label={t('action.close')} onClick={onClose} />
      </div>
      <div className="flex flex-wrap gap-3">
        <output
          aria-label={t('keys.key')}
          dir="ltr"
          className="flex min-h-control min-w-0 flex-[1_1_240px] items-center rounded-control border border-border bg-sunken px-3 py-1 font-mono text-13 wrap-anywhere"
        >
          {made.key}
        </output>
        <Button kind="primary" onClick={save}>
          {t('action.copy')}
        </Button>
      </div>
      {account && made.scopes.includes('messages.create') && (
        <TryKey
          secret={made.key}
          accountId={account.id}
          to={simulated}
          body={t('firstRun.message.first')}
          prepare={() => openWindow({ accountId: account.id, number: simulated }, t('firstRun.message.opening'))}
        />
      )}
    </section>
  );
}
