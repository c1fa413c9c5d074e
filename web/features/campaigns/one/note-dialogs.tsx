// Pausing and cancelling ask why: the others read it.
import type { Campaign } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { cancelCampaign, pauseCampaign } from '../../../data/campaigns.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

interface Props {
  campaign: Campaign;
  onClose: () => void;
}

export function PauseDialog({ campaign: { id, counts }, onClose }: Props) {
  const { t } = useTranslation();
  const pause = useChange(pauseCampaign);
  return (
    <NoteDialog
      title={counts ? t('campaigns.pauseTitle', { count: counts.waiting }) : t('campaigns.pauseTitleAny')}
      words={t('campaigns.pauseWords')}
      keep={t('campaigns.goOn')}
      submit={t('campaigns.pause')}
      onClose={onClose}
      send={async note => {
        await pause({ id, note });
        toast(t('campaigns.paused'));
      }}
    />
  );
}

export function CancelDialog({ campaign: { id, counts }, onClose }: Props) {
  const { t } = useTranslation();
  const cancel = useChange(cancelCampaign);
  return (
    <NoteDialog
      title={counts ? t('campaigns.cancelTitle', { count: counts.waiting }) : t('campaigns.cancelTitleAny')}
      words={t('campaigns.cancelWords', { count: counts ? counts.people - counts.waiting : 0 })}
      keep={t('campaigns.keepIt')}
      submit={t('campaigns.cancel')}
      isDanger
      onClose={onClose}
      send={async note => {
        await cancel({ id, note });
        toast(t('campaigns.cancelled'));
      }}
    />
  );
}

interface DialogProps {
  title: string;
  words: string;
  keep: string;
  submit: string;
  isDanger?: boolean;
  onClose: () => void;
  send: (note: string) => Promise<void>;
}

function NoteDialog({ title, words, keep, submit, isDanger = false, onClose, send }: DialogProps) {
  const { t } = useTranslation();
  const { form, input, errors, busy } = useForm({
    start: { note: '' },
    send: async ({ note }) => {
      await send(note.trim());
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={title}
      submit={submit}
      cancel={keep}
      isDanger={isDanger}
      form={form}
      busy={busy}
      intro={<p>{words}</p>}
    >
      <Field label={t('campaigns.note')} hint={t('campaigns.noteHint')} error={errors.note ?? errors.form}>
        <Input autoFocus maxLength={500} {...input('note')} />
      </Field>
    </FormDialog>
  );
}
