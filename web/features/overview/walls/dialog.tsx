// The wall views of the workspace: make a link for a screen, see which are shown, revoke one.
import type { WallView } from '@recado/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { CopyField } from '../../../components/code.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { More } from '../../../components/list-table.tsx';
import { Answer, SkeletonLines } from '../../../components/states.tsx';
import { createWallView, revokeWallView, wallViewsQuery } from '../../../data/wall-views.ts';
import { useForm } from '../../../kit/form.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction, useChange } from '../../../kit/use-action.ts';
import { AccountChoice, AccountNames } from '../../accounts/index.ts';

interface Props {
  /** Where the day of a new one begins. */
  zone: string;
  onClose: () => void;
}

export function WallViewsDialog({ zone, onClose }: Props) {
  const { t } = useTranslation();
  const [isNew, setIsNew] = useState(false);
  const [made, setMade] = useState<{ name: string; url: string }>();
  const list = useInfiniteQuery(wallViewsQuery);
  if (isNew) return <CreateDialog zone={zone} onClose={() => setIsNew(false)} onMade={setMade} />;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('walls.title')}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('action.done')}
          </Button>
          <Button kind="primary" onClick={() => setIsNew(true)}>
            {t('walls.new')}
          </Button>
        </>
      }
    >
      <p>{t('walls.words')}</p>
      {made && (
        <div role="status" className="grid gap-2 rounded-card border border-accent-line bg-accent-soft p-4 text-text">
          <p>
            <b>{t('walls.made', { name: made.name })}</b> {t('walls.madeWords')}
          </p>
          <CopyField text={made.url} label={t('walls.link')} />
        </div>
      )}
      <Answer query={list} failed={t('walls.failed')} skeleton={<SkeletonLines />}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p>{t('walls.none')}</p>
          ) : (
            <ul className="divide-y divide-border text-text">
              {rows.map(view => (
                <Row key={view.id} view={view} />
              ))}
            </ul>
          )
        }
      </Answer>
      <More list={list} />
    </Dialog>
  );
}

function Row({ view }: { view: WallView }) {
  const { t } = useTranslation();
  const { when } = useFormat();
  const [isSure, setIsSure] = useState(false);
  const revoke = useAction({ ...revokeWallView, done: t('walls.revoked', { name: view.name }) });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <div className="min-w-0 flex-1">
        <bdi className="font-medium wrap-anywhere">{view.name}</bdi>
        <p className="text-13 text-muted">
          <AccountNames ids={view.account_ids} />
          {' · '}
          {view.last_shown_at === null ? t('walls.never') : t('walls.shown', { when: when(view.last_shown_at) })}
        </p>
      </div>
      {isSure ? (
        <>
          <Button kind="line" size="small" onClick={() => setIsSure(false)}>
            {t('walls.keep')}
          </Button>
          <Button kind="danger-solid" size="small" busy={revoke.isPending} onClick={() => revoke.mutate(view.id)}>
            {t('walls.revokeNow')}
          </Button>
        </>
      ) : (
        <Button kind="danger" size="small" onClick={() => setIsSure(true)}>
          {t('walls.revoke')}
        </Button>
      )}
    </li>
  );
}

interface CreateProps extends Props {
  onMade: (made: { name: string; url: string }) => void;
}

function CreateDialog({ zone, onClose, onMade }: CreateProps) {
  const { t } = useTranslation();
  const create = useChange(createWallView);
  const [accounts, setAccounts] = useState<string[] | null>(null);
  const { form, input, errors, busy } = useForm({
    start: { name: '' },
    check: ({ name }) => ({
      ...(name.trim() === '' && { name: t('form.missing') }),
      ...(accounts?.length === 0 && { form: t('people.noAccountChosen') }),
    }),
    async send({ name }) {
      onMade(await create({ name: name.trim(), time_zone: zone, ...(accounts && { account_ids: accounts }) }));
      onClose();
    },
  });
  return (
    <FormDialog onClose={onClose} title={t('walls.newTitle')} submit={t('walls.create')} form={form} busy={busy}>
      <Field label={t('walls.name')} hint={t('walls.nameHint')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
      <AccountChoice label={t('walls.accounts')} value={accounts} onChange={setAccounts} />
    </FormDialog>
  );
}
