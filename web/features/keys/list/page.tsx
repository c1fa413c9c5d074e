// Settings, API keys: what each may do, from where, and when it was last used.

import type { ApiKey, NewApiKey } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Ban, KeyRound, Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ListPage } from '../../../components/list-page.tsx';
import { Pill } from '../../../components/marks.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { Empty } from '../../../components/states.tsx';
import { keysQuery } from '../../../data/keys.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { AccountNames } from '../../accounts/index.ts';
import { SettingsTabs } from '../../settings-tabs.tsx';
import { CreateKeyDialog } from './create-dialog.tsx';
import { RenameKeyDialog, RevokeKeyDialog } from './key-dialogs.tsx';
import { NewKey } from './new-key.tsx';
import { useScopeWords } from './scopes.ts';

type Shown = { what: 'create' } | { what: 'rename' | 'revoke'; key: ApiKey };

export function KeysPage() {
  const { t } = useTranslation();
  const mayManage = useMay('keys.manage');
  const [shown, setShown] = useState<Shown>();
  const [made, setMade] = useState<NewApiKey>();
  const close = () => setShown(undefined);
  const keys = useInfiniteQuery(keysQuery);
  const example = {
    method: 'POST',
    path: '/api/v1/keys',
    body: { name: 'Shop', scopes: ['messages.create', 'messages.read'] },
    sdk: "const { key } = await recado.keys.create({\n  name: 'Shop',\n  scopes: ['messages.create', 'messages.read'],\n});",
    personOnly: true,
  };
  const create = (
    // The one primary button of the page is beside a new key.
    <Button kind={made ? 'line' : 'primary'} icon={Plus} onClick={() => setShown({ what: 'create' })}>
      {t('keys.new')}
    </Button>
  );
  return (
    <ListPage
      title={t('settings.title')}
      example={example}
      buttons={mayManage && create}
      tabs={count => <SettingsTabs count={count} />}
      before={made && <NewKey made={made} onClose={() => setMade(undefined)} />}
      list={keys}
      label={t('keys.title')}
      failed={t('keys.failed')}
      columns={useColumns()}
      isOff={({ revoked_at }) => revoked_at !== null}
      actions={mayManage ? key => <KeyMenu apiKey={key} onShow={setShown} /> : undefined}
      empty={
        <Empty icon={KeyRound} title={t('keys.empty')}>
          {t('keys.emptyWords')}
        </Empty>
      }
    >
      {shown?.what === 'create' && <CreateKeyDialog onClose={close} onMade={setMade} />}
      {shown?.what === 'rename' && <RenameKeyDialog apiKey={shown.key} onClose={close} />}
      {shown?.what === 'revoke' && <RevokeKeyDialog apiKey={shown.key} onClose={close} />}
    </ListPage>
  );
}

function useColumns() {
  const { t } = useTranslation();
  const { when, day, exact } = useFormat();
  const words = useScopeWords();
  const endOf = ({ revoked_at, expires_at }: ApiKey) => {
    if (revoked_at) return t('keys.revokedAt', { day: day(revoked_at) });
    return expires_at ? day(expires_at) : t('keys.never');
  };
  return [
    { head: t('keys.key'), look: 'wide', cell: (key: ApiKey) => <NameCell apiKey={key} /> },
    {
      head: t('keys.may'),
      look: 'small-full max-w-80 cut text-muted',
      title: ({ scopes }: ApiKey) => scopes.join(', '),
      cell: ({ scopes }: ApiKey) => words(scopes),
    },
    {
      head: t('people.accounts'),
      look: 'small-hidden text-muted',
      cell: ({ account_ids, sees_numbers }: ApiKey) => (
        <span className="grid">
          <AccountNames ids={account_ids} />
          {!sees_numbers && <span className="text-12">{t('people.numbers.masked')}</span>}
        </span>
      ),
    },
    {
      head: t('keys.from'),
      look: 'small-hidden text-muted',
      cell: ({ addresses }: ApiKey) => (addresses ? <code>{addresses.join(', ')}</code> : t('keys.anywhere')),
    },
    {
      head: t('keys.lastUsed'),
      end: true,
      look: 'text-muted',
      title: ({ last_used_at: at }: ApiKey) => (at ? exact(at) : undefined),
      cell: ({ last_used_at: at }: ApiKey) => (at ? when(at) : t('keys.never')),
    },
    { head: t('keys.ends'), end: true, look: 'small-hidden text-muted', cell: endOf },
  ];
}

function NameCell({ apiKey: { name, hint, test, revoked_at } }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  return (
    <>
      <span className="flex items-center gap-2">
        <bdi className={revoked_at ? 'cut line-through' : 'cut font-medium'}>{name}</bdi>
        {test && <Pill tone="info">{t('keys.test')}</Pill>}
        {revoked_at && <Pill>{t('keys.revoked')}</Pill>}
      </span>
      <code className="text-12 text-muted">{hint}…</code>
    </>
  );
}

function KeyMenu({ apiKey, onShow }: { apiKey: ApiKey; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  if (apiKey.revoked_at) return null;
  return (
    <RowMenu name={apiKey.name}>
      <MenuItem icon={Pencil} onSelect={() => onShow({ what: 'rename', key: apiKey })}>
        {t('keys.rename')}
      </MenuItem>
      <MenuRule />
      <MenuItem icon={Ban} danger onSelect={() => onShow({ what: 'revoke', key: apiKey })}>
        {t('keys.revoke')}
      </MenuItem>
    </RowMenu>
  );
}
