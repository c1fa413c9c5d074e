// One hook: its address, what it does with a call, and what came.
import type { Hook, NewHook } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { FlaskConical, KeyRound, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { MenuItem, MenuRule } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { Card, CardBody, CardFoot, CardHead } from '../../../components/surfaces.tsx';
import { hookQuery, revokeHook, rotateHook, testHook, updateHook } from '../../../data/hooks.ts';
import { toast } from '../../../kit/toasts.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import { SecretCard } from '../secret-card.tsx';
import { Calls } from './calls.tsx';
import { HookFields, useHookForm } from './form.tsx';
import { Preview, Samples } from './side.tsx';

const back = { to: '/developers/hooks' } as const;

export function HookPage() {
  const { t } = useTranslation();
  const { hookId } = useParams({ from: '/inside/developers/hooks/$hookId' });
  return (
    <PageOfOne
      query={useQuery(hookQuery(hookId))}
      title={t('developers.hooks.hook')}
      back={{ ...back, label: t('developers.hooks.title') }}
      failed={t('developers.hooks.failed')}
    >
      {hook => <Shown hook={hook} />}
    </PageOfOne>
  );
}

function Shown({ hook }: { hook: Hook }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'rotate' | 'revoke'>();
  const [rotated, setRotated] = useState<NewHook>();
  const { id, name } = hook;
  const test = useAction({ ...testHook, done: t('developers.hooks.tested') });
  return (
    <Page
      title={name}
      back={{ ...back, label: t('developers.hooks.title') }}
      example={{
        method: 'GET',
        path: `/api/v1/hooks/${id}/calls`,
        sdk: `for await (const call of recado.hooks.listCalls('${id}'))\n  console.log(call.at, call.title, call.outcome);`,
      }}
      actions={
        <>
          <Button kind="line" icon={FlaskConical} busy={test.isPending} onClick={() => test.mutate(id)}>
            {t('developers.hooks.test')}
          </Button>
          <RowMenu name={name} isLarge>
            <MenuItem icon={KeyRound} onSelect={() => setOpen('rotate')}>
              {t('developers.hooks.rotate')}
            </MenuItem>
            <MenuRule />
            <MenuItem icon={Trash2} danger onSelect={() => setOpen('revoke')}>
              {t('developers.hooks.revoke')}
            </MenuItem>
          </RowMenu>
        </>
      }
    >
      {rotated && (
        <SecretCard
          title={t('developers.hooks.rotated')}
          once={t('developers.hooks.once')}
          label={t('developers.hooks.address')}
          secret={rotated.url}
          onClose={() => setRotated(undefined)}
        />
      )}
      <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-7">
          <Settings key={JSON.stringify(hook.contact_ids)} hook={hook} />
          <Calls hookId={id} />
        </div>
        <aside className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-5">
          <Preview />
          <Samples />
        </aside>
      </div>
      {open === 'rotate' && <RotateDialog id={id} onClose={() => setOpen(undefined)} onRotated={setRotated} />}
      {open === 'revoke' && <RevokeDialog hook={hook} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}

function Settings({ hook }: { hook: Hook }) {
  const { t } = useTranslation();
  const update = useChange(updateHook);
  const fields = useHookForm(hook, async body => {
    await update({ id: hook.id, ...body });
    toast(t('developers.hooks.saved'));
  });
  return (
    <form {...fields.form}>
      <Card>
        <CardHead title={t('developers.hooks.settings')} />
        <CardBody className="grid gap-4">
          <div className="grid gap-1.5">
            <span className="text-13 font-medium">{t('developers.hooks.address')}</span>
            <code
              dir="ltr"
              className="rounded-control border border-border bg-sunken px-2.5 py-2 text-13 wrap-anywhere"
            >
              {`${window.location.origin}/hooks/hk_…${hook.token_end}`}
            </code>
            <p className="text-13 text-muted">{t('developers.hooks.addressHint')}</p>
          </div>
          <HookFields fields={fields} />
        </CardBody>
        <CardFoot>
          <Button kind="primary" type="submit" busy={fields.busy} className="ms-auto">
            {t('action.save')}
          </Button>
        </CardFoot>
      </Card>
    </form>
  );
}

interface RotateProps {
  id: string;
  onClose: () => void;
  onRotated: (rotated: NewHook) => void;
}

function RotateDialog({ id, onClose, onRotated }: RotateProps) {
  const { t } = useTranslation();
  const rotate = useAction({
    ...rotateHook,
    onDone: answer => {
      onRotated(answer);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={t('developers.hooks.rotateTitle')}
      keep={t('developers.hooks.keepAddress')}
      confirm={t('developers.hooks.rotate')}
      busy={rotate.isPending}
      onConfirm={() => rotate.mutate(id)}
      onClose={onClose}
    >
      <p>{t('developers.hooks.rotateWords')}</p>
    </ConfirmDialog>
  );
}

function RevokeDialog({ hook: { id, name }, onClose }: { hook: Hook; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const revoke = useAction({
    ...revokeHook,
    done: t('developers.hooks.revoked', { name }),
    onDone: () => void navigate(back),
  });
  return (
    <ConfirmDialog
      title={t('developers.hooks.revokeTitle', { name })}
      keep={t('developers.hooks.keep')}
      confirm={t('developers.hooks.revoke')}
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate(id)}
      onClose={onClose}
    >
      <p>{t('developers.hooks.revokeWords')}</p>
    </ConfirmDialog>
  );
}
