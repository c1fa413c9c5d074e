// Settings, API keys: what each may do, from where, and when it was last used.

import type { ApiKey, NewApiKey } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Ban, KeyRound, MoreHorizontal, Pencil, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { copy } from '../../../components/code.tsx';
import { Pill } from '../../../components/marks.tsx';
import { Menu, MenuItem, MenuRule } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, Empty, SkeletonRows } from '../../../components/states.tsx';
import { Card, Table } from '../../../components/surfaces.tsx';
import { keysQuery } from '../../../data/keys.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { toast } from '../../../kit/toasts.ts';
import { AccountNames } from '../../accounts/index.ts';
import { SettingsTabs } from '../../settings-tabs.tsx';
import { CreateKeyDialog } from './create-dialog.tsx';
import { RenameKeyDialog, RevokeKeyDialog } from './key-dialogs.tsx';
import { useScopeWords } from './scopes.ts';

type Shown = { what: 'create' } | { what: 'rename' | 'revoke'; key: ApiKey };

export function KeysPage() {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mayManage = useMay('keys.manage');
  const [shown, setShown] = useState<Shown>();
  const [made, setMade] = useState<NewApiKey>();
  const close = () => setShown(undefined);
  const keys = useInfiniteQuery(keysQuery);
  const rows = keys.data;
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
    <Page title={t('settings.title')} example={example} actions={mayManage && create}>
      <SettingsTabs count={rows && number(rows.total ?? rows.rows.length)} />
      {made && <NewKey made={made} onClose={() => setMade(undefined)} />}
      <Answer query={keys} failed={t('keys.failed')} skeleton={<SkeletonRows rows={3} />}>
        {({ rows: all }) =>
          all.length > 0 ? (
            <KeysTable keys={all} onShow={setShown} />
          ) : (
            <Card>
              <Empty icon={KeyRound} title={t('keys.empty')}>
                {t('keys.emptyWords')}
              </Empty>
            </Card>
          )
        }
      </Answer>
      {shown?.what === 'create' && <CreateKeyDialog onClose={close} onMade={setMade} />}
      {shown?.what === 'rename' && <RenameKeyDialog apiKey={shown.key} onClose={close} />}
      {shown?.what === 'revoke' && <RevokeKeyDialog apiKey={shown.key} onClose={close} />}
    </Page>
  );
}

function NewKey({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  const { t } = useTranslation();
  const save = () => void copy(made.key).then(() => toast(t('keys.copied')));
  return (
    <section data-rise className="grid gap-3 rounded-card border border-accent-line bg-accent-soft px-5 py-4">
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
    </section>
  );
}

function KeysTable({ keys, onShow }: { keys: ApiKey[]; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const mayManage = useMay('keys.manage');
  return (
    <Table label={t('keys.title')}>
      <thead>
        <tr>
          <th scope="col">{t('keys.key')}</th>
          <th scope="col">{t('keys.may')}</th>
          <th scope="col">{t('people.accounts')}</th>
          <th scope="col">{t('keys.from')}</th>
          <th scope="col" className="end">
            {t('keys.lastUsed')}
          </th>
          <th scope="col" className="end">
            {t('keys.ends')}
          </th>
          {mayManage && (
            <th scope="col">
              <span className="sr-only">{t('table.actions')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {keys.map(key => (
          <KeyRow key={key.id} apiKey={key} onShow={onShow} />
        ))}
      </tbody>
    </Table>
  );
}

function KeyRow({ apiKey, onShow }: { apiKey: ApiKey; onShow: (shown: Shown) => void }) {
  const { t } = useTranslation();
  const { when, day, exact } = useFormat();
  const mayManage = useMay('keys.manage');
  const words = useScopeWords();
  const { name, hint, test, scopes, account_ids, addresses, last_used_at, expires_at, revoked_at } = apiKey;
  return (
    <tr className={revoked_at ? 'is-off' : undefined}>
      <td className="wide">
        <span className="flex items-center gap-2">
          <bdi className={revoked_at ? 'cut line-through' : 'cut font-medium'}>{name}</bdi>
          {test && <Pill tone="info">{t('keys.test')}</Pill>}
          {revoked_at && <Pill>{t('keys.revoked')}</Pill>}
        </span>
        <code className="text-12 text-muted">{hint}…</code>
      </td>
      <td className="small-full max-w-80 cut text-muted" title={scopes.join(', ')}>
        {words(scopes)}
      </td>
      <td className="small-hidden text-muted">
        <AccountNames ids={account_ids} />
      </td>
      <td className="small-hidden text-muted">
        {addresses ? <code>{addresses.join(', ')}</code> : t('keys.anywhere')}
      </td>
      <td className="end text-muted" title={last_used_at ? exact(last_used_at) : undefined}>
        {last_used_at ? when(last_used_at) : t('keys.never')}
      </td>
      <td className="end small-hidden text-muted">
        {revoked_at ? t('keys.revokedAt', { day: day(revoked_at) }) : expires_at ? day(expires_at) : t('keys.never')}
      </td>
      {mayManage && (
        <td className="end">
          {!revoked_at && (
            <Menu
              label={t('table.actionsOf', { name })}
              trigger={<IconButton icon={MoreHorizontal} size="small" label={t('table.actionsOf', { name })} />}
            >
              <MenuItem icon={Pencil} onSelect={() => onShow({ what: 'rename', key: apiKey })}>
                {t('keys.rename')}
              </MenuItem>
              <MenuRule />
              <MenuItem icon={Ban} danger onSelect={() => onShow({ what: 'revoke', key: apiKey })}>
                {t('keys.revoke')}
              </MenuItem>
            </Menu>
          )}
        </td>
      )}
    </tr>
  );
}
