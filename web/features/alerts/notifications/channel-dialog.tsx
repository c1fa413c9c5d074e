// A new channel: its kind, and what this kind needs.
import type { NewAlertChannel } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { CopyField } from '../../../components/code.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Area, Field, Input, Select } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { createChannel } from '../../../data/alerts.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';

const kinds = ['slack', 'telegram', 'ntfy', 'webhook', 'whatsapp'] as const;
type Kind = (typeof kinds)[number];

export function ChannelDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const create = useChange(createChannel);
  const [made, setMade] = useState<NewAlertChannel>();
  const accounts = useAccounts();
  const { form, input, values, errors, busy } = useForm({
    start: {
      ...{ kind: 'slack' as string, name: '', url: '', secret: '', chat: '', account: accounts[0]?.id ?? '' },
      ...{ template: '', language: 'en', recipients: '' },
    },
    fields: { chat_id: 'chat', account_id: 'account', 'template.name': 'template', 'template.language': 'language' },
    async send(given) {
      const answer = await create(bodyOf(given.kind as Kind, given));
      if (answer.secret === null) onClose();
      else setMade(answer);
    },
  });
  const kind = values.kind as Kind;
  if (made)
    return (
      <Dialog
        open
        onClose={onClose}
        title={made.name}
        footer={
          <Button kind="primary" onClick={onClose}>
            {t('action.close')}
          </Button>
        }
      >
        <p className="text-muted">{t('alerts.secretOnce')}</p>
        <CopyField text={made.secret ?? ''} label={t('alerts.signingSecret')} />
      </Dialog>
    );
  const select = input('kind');
  const chosen = input('account');
  return (
    <FormDialog onClose={onClose} title={t('alerts.newChannel')} submit={t('alerts.create')} form={form} busy={busy}>
      <Field label={t('alerts.channel')} error={errors.kind}>
        <Select name={select.name} value={select.value} onChange={select.onChange as never}>
          {kinds.map(each => (
            <option key={each} value={each}>
              {t(`alerts.kind.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('alerts.name')} error={errors.name ?? errors.form}>
        <Input autoComplete="off" {...input('name')} />
      </Field>
      {kind !== 'whatsapp' && kind !== 'telegram' && (
        <Field label={t('alerts.address')} hint={t(`alerts.addressHint.${kind}`)} error={errors.url}>
          <Input dir="ltr" autoComplete="off" placeholder="https://" {...input('url')} />
        </Field>
      )}
      {(kind === 'telegram' || kind === 'ntfy') && (
        <Field label={t(`alerts.secret.${kind}`)} error={errors.secret}>
          <SecretInput dir="ltr" autoComplete="off" {...input('secret')} />
        </Field>
      )}
      {kind === 'telegram' && (
        <Field label={t('alerts.chat')} error={errors.chat}>
          <Input dir="ltr" autoComplete="off" {...input('chat')} />
        </Field>
      )}
      {kind === 'whatsapp' && (
        <>
          <Field label={t('alerts.from')} hint={t('alerts.fromHint')} error={errors.account}>
            <Select name={chosen.name} value={chosen.value} onChange={chosen.onChange as never}>
              {accounts.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <div className="grid gap-4 md:grid-cols-2">
            <Field label={t('alerts.template')} hint={t('alerts.templateHint')} error={errors.template}>
              <Input dir="ltr" autoComplete="off" {...input('template')} />
            </Field>
            <Field label={t('alerts.language')} error={errors.language}>
              <Input dir="ltr" autoComplete="off" {...input('language')} />
            </Field>
          </div>
          <Field label={t('alerts.recipients')} hint={t('alerts.recipientsHint')} error={errors.recipients}>
            <Area dir="ltr" rows={2} {...input('recipients')} />
          </Field>
        </>
      )}
    </FormDialog>
  );
}

/** Only what the kind needs. */
function bodyOf(kind: Kind, given: Record<string, string>) {
  const named = given.name?.trim() ? { name: given.name.trim() } : {};
  const secret = given.secret ? { secret: given.secret } : {};
  if (kind === 'telegram') return { kind, ...named, ...secret, chat_id: given.chat ?? '' };
  if (kind === 'whatsapp')
    return {
      ...{ kind, ...named, account_id: given.account ?? '' },
      template: { name: given.template ?? '', language: given.language ?? '' },
      recipients: (given.recipients ?? '').split(/[\s,;]+/).filter(Boolean),
    };
  return { kind, ...named, url: given.url ?? '', ...(kind === 'ntfy' && secret) };
}
