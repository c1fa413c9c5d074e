// A new endpoint, or another address and other events of one.
import type { Endpoint, NewEndpoint } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Area, Field, Input } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { NumbersChoice } from '../../../components/numbers-choice.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { createEndpoint, updateEndpoint } from '../../../data/endpoints.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { AccountChoice } from '../../accounts/index.ts';
import { hostOf } from './state.tsx';

interface Props {
  /** The one that is changed; undefined for a new one. */
  endpoint?: Endpoint;
  onClose: () => void;
  onMade?: (made: NewEndpoint) => void;
}

export function EndpointDialog({ endpoint, onClose, onMade }: Props) {
  const { t } = useTranslation();
  const create = useChange(createEndpoint);
  const update = useChange(updateEndpoint);
  const [accounts, setAccounts] = useState<string[] | null>(endpoint?.account_ids ?? null);
  const [seesNumbers, setSeesNumbers] = useState(endpoint?.sees_numbers ?? true);
  const { form, input, errors, busy } = useForm({
    start: {
      url: endpoint?.url ?? '',
      description: endpoint?.description ?? '',
      event_types: endpoint?.event_types?.join('\n') ?? '',
      secret: '',
    },
    check: ({ url }) => ({
      ...(url.trim() === '' && { url: t('form.missing') }),
      ...(accounts?.length === 0 && { event_types: t('people.noAccountChosen') }),
    }),
    async send({ url, description, event_types, secret }) {
      const types = event_types.split(/[\s,]+/).filter(Boolean);
      const body = {
        url: url.trim(),
        description: description.trim() === '' ? null : description.trim(),
        event_types: types.length > 0 ? types : null,
        account_ids: accounts,
        sees_numbers: seesNumbers,
      };
      if (endpoint) await update({ id: endpoint.id, ...body });
      else {
        const made = await create({ ...body, ...(secret.trim() !== '' && { secret: secret.trim() }) });
        // One that was brought along is not shown.
        if (made.secret === null) toast(t('developers.endpoints.made', { host: hostOf(made.url) }));
        onMade?.(made);
      }
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={
        endpoint ? t('developers.endpoints.editTitle', { host: hostOf(endpoint.url) }) : t('developers.endpoints.new')
      }
      submit={endpoint ? t('action.save') : t('developers.endpoints.create')}
      wide
      form={form}
      busy={busy}
    >
      <Field
        label={t('developers.endpoints.url')}
        hint={t('developers.endpoints.urlHint')}
        error={errors.url ?? errors.form}
      >
        <Input autoFocus type="url" dir="ltr" autoComplete="off" {...input('url')} />
      </Field>
      <Field label={t('developers.endpoints.description')} error={errors.description}>
        <Input autoComplete="off" {...input('description')} />
      </Field>
      <Field
        label={t('developers.endpoints.types')}
        hint={t('developers.endpoints.typesHint')}
        error={errors.event_types}
      >
        <Area dir="ltr" rows={4} spellCheck={false} placeholder="message.*" {...input('event_types')} />
      </Field>
      {!endpoint && (
        <Field
          label={t('developers.endpoints.ownSecret')}
          hint={t('developers.endpoints.ownSecretHint')}
          error={errors.secret}
        >
          <SecretInput autoComplete="off" {...input('secret')} />
        </Field>
      )}
      <AccountChoice label={t('people.accounts')} value={accounts} onChange={setAccounts} />
      <NumbersChoice value={seesNumbers} onChange={setSeesNumbers} hint={t('developers.endpoints.numbersHint')} />
    </FormDialog>
  );
}
