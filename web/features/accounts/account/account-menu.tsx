// What one can do with an account.

import type { Account, Link } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import {
  ArrowUpRight,
  Globe,
  KeyRound,
  ListX,
  Pause,
  Pencil,
  Play,
  QrCode,
  Stethoscope,
  Trash2,
  Unlink,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { pauseAccount, resumeAccount } from '../../../data/accounts.ts';
import { useMay } from '../../../data/me.ts';
import { useAction } from '../../../kit/use-action.ts';
import { UnlinkDialog } from '../link/unlink-dialog.tsx';
import { isLinked } from '../link/words.ts';
import { CheckDialog } from './check-dialog.tsx';
import { CredentialsDialog } from './credentials-dialog.tsx';
import { ClearDialog, DeleteDialog } from './end-dialogs.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { ZoneDialog } from './zone-dialog.tsx';

type Shown = 'rename' | 'zone' | 'credentials' | 'check' | 'unlink' | 'clear' | 'delete';

/** Pauses a running account, resumes any other. Without a linked phone there is nothing to resume. */
export function usePause(account: Account) {
  const { t } = useTranslation();
  const isRunning = account.status === 'connected';
  const action = useAction({
    ...(isRunning ? pauseAccount : resumeAccount),
    done: t(isRunning ? 'accounts.paused' : 'accounts.resumed', { name: account.name }),
  });
  return {
    isPending: action.isPending,
    mutate: () => action.mutate(account.id),
    isRunning,
    isPossible: !account.link || isLinked(account.link),
  };
}

/** `inPage`: the page has buttons of its own for opening and pausing. */
export function AccountMenu({ account, inPage = false }: { account: Account; inPage?: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayManage = useMay('accounts.manage');
  const [shown, setShown] = useState<Shown>();
  const pause = usePause(account);
  const close = () => setShown(undefined);
  if (inPage && !mayManage) return null;
  return (
    <>
      <RowMenu name={account.name} isLarge>
        {!inPage && (
          <MenuItem
            icon={ArrowUpRight}
            onSelect={() => void navigate({ to: '/accounts/$accountId', params: { accountId: account.id } })}
          >
            {t('accounts.open')}
          </MenuItem>
        )}
        {mayManage && (
          <>
            {!inPage && pause.isPossible && (
              <MenuItem icon={pause.isRunning ? Pause : Play} onSelect={() => pause.mutate()}>
                {t(pause.isRunning ? 'accounts.pause' : 'accounts.resume')}
              </MenuItem>
            )}
            <MenuItem icon={Pencil} onSelect={() => setShown('rename')}>
              {t('accounts.rename')}
            </MenuItem>
            <MenuItem icon={Globe} onSelect={() => setShown('zone')}>
              {t('accounts.zone')}
            </MenuItem>
            {account.link && !(inPage && !isLinked(account.link)) && (
              <LinkItem account={account} link={account.link} onUnlink={() => setShown('unlink')} />
            )}
            {account.capabilities.credentials && (
              <>
                <MenuItem icon={Stethoscope} onSelect={() => setShown('check')}>
                  {t('accounts.check')}
                </MenuItem>
                <MenuItem icon={KeyRound} onSelect={() => setShown('credentials')}>
                  {t('accounts.newToken')}
                </MenuItem>
              </>
            )}
            <MenuItem icon={ListX} onSelect={() => setShown('clear')}>
              {t('accounts.clear')}
            </MenuItem>
            <MenuRule />
            <MenuItem icon={Trash2} danger onSelect={() => setShown('delete')}>
              {t('accounts.delete')}
            </MenuItem>
          </>
        )}
      </RowMenu>
      {shown === 'rename' && <RenameDialog account={account} onClose={close} />}
      {shown === 'zone' && <ZoneDialog account={account} onClose={close} />}
      {shown === 'credentials' && <CredentialsDialog account={account} onClose={close} />}
      {shown === 'check' && <CheckDialog account={account} onClose={close} />}
      {shown === 'unlink' && <UnlinkDialog account={account} onClose={close} />}
      {shown === 'clear' && <ClearDialog account={account} onClose={close} />}
      {shown === 'delete' && <DeleteDialog account={account} onClose={close} />}
    </>
  );
}

/** Links a phone, or ends the link: what the state allows. */
function LinkItem({ account, link, onUnlink }: { account: Account; link: Link; onUnlink: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return isLinked(link) ? (
    <MenuItem icon={Unlink} onSelect={onUnlink}>
      {t('link.unlink.action')}
    </MenuItem>
  ) : (
    <MenuItem
      icon={QrCode}
      onSelect={() => void navigate({ to: '/accounts/$accountId/link', params: { accountId: account.id } })}
    >
      {t(account.phone === null ? 'link.go.first' : 'link.go.again')}
    </MenuItem>
  );
}
