// The actions of a campaign in its state: the next step as a button, the rest in a menu.
import type { Campaign, CampaignResult } from '@recado/client';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ban, Copy, Download, MailQuestion, Pause, PencilLine, Play, RotateCcw, Trash2, UserCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonLook } from '../../../components/button.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { MenuItem } from '../../../components/menu.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import {
  createCampaign,
  deleteCampaign,
  exportOfRecipients,
  resumeCampaign,
  retryCampaign,
  startCampaign,
  unscheduleCampaign,
} from '../../../data/campaigns.ts';
import { useMay } from '../../../data/me.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { copyOf, toUnread } from '../copy.ts';
import { waitsForApproval } from '../words.tsx';
import { CancelDialog, PauseDialog } from './note-dialogs.tsx';

interface Props {
  campaign: Campaign;
  result: CampaignResult | undefined;
}

type Asked = 'pause' | 'cancel' | 'delete' | 'retry' | 'start' | undefined;

const pausable = new Set<Campaign['state']>(['preparing', 'running']);
const standing = new Set<Campaign['state']>(['paused', 'held']);
const ended = new Set<Campaign['state']>(['done', 'cancelled']);

export function Actions({ campaign, result }: Props) {
  const { t } = useTranslation();
  const mayStart = useMay('campaigns.start');
  const mayManage = useMay('campaigns.manage');
  const [asked, ask] = useState<Asked>();
  const { id, state } = campaign;
  const close = () => ask(undefined);
  return (
    <>
      <Export campaign={campaign} />
      {mayStart && pausable.has(state) && (
        <Button kind="line" icon={Pause} onClick={() => ask('pause')}>
          {t('campaigns.pause')}
        </Button>
      )}
      {mayStart && standing.has(state) && !waitsForApproval(campaign) && <Resume campaign={campaign} />}
      {mayStart && state === 'missed' && (
        <Button kind="primary" icon={Play} onClick={() => ask('start')}>
          {t('campaigns.startNow')}
        </Button>
      )}
      {mayStart && (state === 'scheduled' || (state === 'held' && waitsForApproval(campaign))) && (
        <ToDraft campaign={campaign} />
      )}
      {waitsForApproval(campaign) && (
        <Link
          to="/campaigns/$campaignId/approval"
          params={{ campaignId: id }}
          className={buttonLook(mayStart ? 'primary' : 'line')}
        >
          <UserCheck size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
          {t('campaigns.toApproval')}
        </Link>
      )}
      {mayManage && state === 'draft' && (
        <Link to="/campaigns/$campaignId/edit" params={{ campaignId: id }} className={buttonLook('line')}>
          <PencilLine size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
          {t('campaigns.edit')}
        </Link>
      )}
      <More campaign={campaign} result={result} onAsk={ask} />
      {asked === 'pause' && <PauseDialog campaign={campaign} onClose={close} />}
      {asked === 'cancel' && <CancelDialog campaign={campaign} onClose={close} />}
      {asked === 'delete' && <DeleteDialog campaign={campaign} onClose={close} />}
      {asked === 'retry' && result && <RetryDialog campaign={campaign} result={result} onClose={close} />}
      {asked === 'start' && <StartDialog campaign={campaign} onClose={close} />}
    </>
  );
}

function Export({ campaign: { id, counts } }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const may = useMay('contacts.export');
  if (!may || counts === null) return null;
  return (
    <a href={exportOfRecipients(id, {})} download className={buttonLook('line')}>
      <Download size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
      {t('campaigns.export')}
    </a>
  );
}

function Resume({ campaign: { id, state } }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const resume = useAction({ ...resumeCampaign, done: t('campaigns.resumed') });
  return (
    <Button kind="primary" icon={Play} busy={resume.isPending} onClick={() => resume.mutate({ id })}>
      {t(state === 'held' ? 'campaigns.resumeAnyway' : 'campaigns.resume')}
    </Button>
  );
}

function ToDraft({ campaign: { id } }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayManage = useMay('campaigns.manage');
  const unschedule = useAction({
    ...unscheduleCampaign,
    done: t('campaigns.unscheduled'),
    onDone: () => mayManage && void navigate({ to: '/campaigns/$campaignId/edit', params: { campaignId: id } }),
  });
  return (
    <Button kind="line" icon={PencilLine} busy={unschedule.isPending} onClick={() => unschedule.mutate({ id })}>
      {t('campaigns.toDraft')}
    </Button>
  );
}

/** How many failed messages may succeed when they are tried again. */
const retryable = (result: CampaignResult | undefined): number =>
  result?.failed.reduce((sum, { again, people }) => sum + (again === 'never' ? 0 : people), 0) ?? 0;

function More({ campaign, result, onAsk }: Props & { onAsk: (asked: Asked) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayStart = useMay('campaigns.start');
  const mayManage = useMay('campaigns.manage');
  const { state, name, counts } = campaign;
  const copy = useAction({
    ...createCampaign,
    done: t('campaigns.copied'),
    onDone: ({ id }: Campaign) => void navigate({ to: '/campaigns/$campaignId/edit', params: { campaignId: id } }),
  });
  const unschedule = useAction({
    ...unscheduleCampaign,
    onDone: ({ id }: Campaign) => void navigate({ to: '/campaigns/$campaignId/edit', params: { campaignId: id } }),
  });
  const unread = counts === null ? 0 : counts.delivered - counts.read;
  const mayRetry = mayStart && (state === 'running' || state === 'done') && retryable(result) > 0;
  const mayCancel = mayStart && !ended.has(state) && state !== 'draft';
  const mayDelete = mayManage && state === 'draft';
  if (!mayManage && !mayRetry && !mayCancel) return null;
  return (
    <RowMenu name={name} isLarge>
      {mayRetry && (
        <MenuItem icon={RotateCcw} onSelect={() => onAsk('retry')}>
          {t('campaigns.retry', { count: retryable(result) })}
        </MenuItem>
      )}
      {mayManage && unread > 0 && (
        <MenuItem
          icon={MailQuestion}
          onSelect={() => copy.mutate(toUnread(campaign, t('campaigns.unreadName', { name })))}
        >
          {t('campaigns.toUnread', { count: unread })}
        </MenuItem>
      )}
      {mayManage && (
        <MenuItem icon={Copy} onSelect={() => copy.mutate(copyOf(campaign, t('campaigns.copyName', { name })))}>
          {t('campaigns.copy')}
        </MenuItem>
      )}
      {mayStart && state === 'missed' && (
        <MenuItem icon={PencilLine} onSelect={() => unschedule.mutate({ id: campaign.id })}>
          {t('campaigns.anotherTime')}
        </MenuItem>
      )}
      {mayCancel && (
        <MenuItem icon={Ban} danger onSelect={() => onAsk('cancel')}>
          {t('campaigns.cancel')}
        </MenuItem>
      )}
      {mayDelete && (
        <MenuItem icon={Trash2} danger onSelect={() => onAsk('delete')}>
          {t('campaigns.delete')}
        </MenuItem>
      )}
    </RowMenu>
  );
}

interface DialogProps {
  campaign: Campaign;
  onClose: () => void;
}

export function DeleteDialog({ campaign: { id, name }, onClose }: DialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useAction({
    ...deleteCampaign,
    done: t('campaigns.deleted', { name }),
    onDone: () => void navigate({ to: '/campaigns', ignoreBlocker: true }),
  });
  return (
    <ConfirmDialog
      title={t('campaigns.deleteTitle', { name })}
      keep={t('campaigns.keepIt')}
      confirm={t('campaigns.delete')}
      onConfirm={() => remove.mutate(id)}
      onClose={onClose}
      busy={remove.isPending}
    >
      <p>{t('campaigns.deleteWords')}</p>
    </ConfirmDialog>
  );
}

function RetryDialog({ campaign: { id }, result, onClose }: DialogProps & { result: CampaignResult }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const tomorrow = result.failed.reduce((sum, { again, people }) => sum + (again === 'tomorrow' ? people : 0), 0);
  const retry = useAction({
    ...retryCampaign,
    done: ({ count }: { count: number }) => t('campaigns.retried', { count }),
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      title={t('campaigns.retryTitle', { count: retryable(result) })}
      keep={t('action.cancel')}
      confirm={t('campaigns.retryConfirm')}
      isHarmless
      onConfirm={() => retry.mutate({ id })}
      onClose={onClose}
      busy={retry.isPending}
    >
      <p>{t('campaigns.retryWords')}</p>
      {tomorrow > 0 && <p>{t('campaigns.retryTomorrow', { count: tomorrow, number: number(tomorrow) })}</p>}
    </ConfirmDialog>
  );
}

/** A missed campaign starts now. */
function StartDialog({ campaign: { id, counts }, onClose }: DialogProps) {
  const { t } = useTranslation();
  const start = useAction({ ...startCampaign, done: t('campaigns.started'), onDone: onClose });
  return (
    <ConfirmDialog
      title={counts ? t('campaigns.startTitle', { count: counts.people }) : t('campaigns.startTitleAny')}
      keep={t('action.cancel')}
      confirm={t('campaigns.startNow')}
      isHarmless
      onConfirm={() => start.mutate({ id, now: true })}
      onClose={onClose}
      busy={start.isPending}
    >
      <p>{t('campaigns.startWords')}</p>
    </ConfirmDialog>
  );
}
