// Delivers again what an endpoint missed: what failed since a time, or every event of a time.
import type { Endpoint } from '@recado/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, Input, Radio } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { recoverEndpoint, replayEndpoint } from '../../../data/endpoints.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';
import { hostOf } from './state.tsx';

const dayMs = 86_400_000;

/** A time as its field wants it: in the zone of the browser, without seconds. */
const inField = (at: Date): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

export function RecoverDialog({ endpoint, onClose }: { endpoint: Endpoint; onClose: () => void }) {
  const { t } = useTranslation();
  const recover = useChange(recoverEndpoint);
  const replay = useChange(replayEndpoint);
  const [kind, setKind] = useState<'failed' | 'all'>('failed');
  const { form, input, errors, busy } = useForm({
    start: { from: inField(new Date(Date.now() - dayMs)), until: inField(new Date()) },
    fields: { since: 'from' },
    check: ({ from, until }) => ({
      ...(from === '' && { from: t('form.missing') }),
      ...(kind === 'all' && until === '' && { until: t('form.missing') }),
    }),
    async send({ from, until }) {
      const { id } = endpoint;
      const since = new Date(from).toISOString();
      if (kind === 'failed') await recover({ id, since });
      else await replay({ id, from: since, until: new Date(until).toISOString() });
      toast(t('developers.endpoints.recovering'));
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('developers.endpoints.recoverTitle', { host: hostOf(endpoint.url) })}
      submit={t('developers.endpoints.recover')}
      form={form}
      busy={busy}
    >
      <fieldset className="grid gap-2 text-text">
        <legend className="mb-1.5 text-13 font-medium">{t('developers.endpoints.recoverWhat')}</legend>
        {(['failed', 'all'] as const).map(each => (
          <Radio
            key={each}
            name="kind"
            checked={kind === each}
            onChange={() => setKind(each)}
            label={
              <>
                {t(`developers.endpoints.recoverKind.${each}`)}
                <span className="block text-13 text-muted">{t(`developers.endpoints.recoverHint.${each}`)}</span>
              </>
            }
          />
        ))}
      </fieldset>
      <div className="grid gap-4 md:grid-cols-2">
        <Field label={t('developers.endpoints.from')} error={errors.from ?? errors.form}>
          <Input type="datetime-local" {...input('from')} />
        </Field>
        {kind === 'all' && (
          <Field label={t('developers.endpoints.until')} error={errors.until}>
            <Input type="datetime-local" {...input('until')} />
          </Field>
        )}
      </div>
    </FormDialog>
  );
}
