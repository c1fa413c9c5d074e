// A person of the team records a contact's wish. The reason or the wording is the proof.
import type { OptOut } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Area, Field, Input, Radio } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { optIn, optOut, recordConsent } from '../../../data/opt-outs.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

interface Props {
  contactId: string;
  name: string;
  onClose: () => void;
}

/** All of these fields must have a text. */
function useMissing() {
  const { t } = useTranslation();
  return (values: Record<string, string>, names: readonly string[]) =>
    Object.fromEntries(names.filter(name => !values[name]?.trim()).map(name => [name, t('form.missing')]));
}

const categories = ['marketing', 'all'] as const;

export function OptOutDialog({ contactId, name, onClose }: Props) {
  const { t } = useTranslation();
  const create = useChange(optOut);
  const missing = useMissing();
  const { form, input, set, values, errors, busy } = useForm({
    start: { category: 'marketing', reason: '' },
    check: given => missing(given, ['reason']),
    async send({ category, reason }) {
      const chosen = category === 'all' ? 'all' : 'marketing';
      await create({ contactId, contact_id: contactId, category: chosen, reason: reason.trim() });
      toast(t(chosen === 'all' ? 'optOutAct.doneAll' : 'optOutAct.doneMarketing', { name }));
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('optOutAct.outTitle', { name })}
      submit={t('optOutAct.out')}
      form={form}
      busy={busy}
      intro={<p className="pb-4 text-muted">{t('optOutAct.outWords')}</p>}
    >
      <fieldset className="grid gap-2">
        <legend className="sr-only">{t('optOutAct.which')}</legend>
        {categories.map(category => (
          <Radio
            key={category}
            name="category"
            label={t(`optOutAct.choice.${category}`)}
            checked={values.category === category}
            onChange={() => set('category', category)}
          />
        ))}
      </fieldset>
      <Field label={t('optOutAct.reason')} hint={t('optOutAct.reasonHint')} error={errors.reason ?? errors.form}>
        <Input autoComplete="off" {...input('reason')} />
      </Field>
    </FormDialog>
  );
}

export function OptInDialog({ contactId, name, optOuts, onClose }: Props & { optOuts: readonly OptOut[] }) {
  const { t } = useTranslation();
  const remove = useChange(optIn);
  const missing = useMissing();
  const { form, input, errors, busy } = useForm({
    start: { reason: '' },
    check: given => missing(given, ['reason']),
    async send({ reason }) {
      await remove({ contactId, ids: optOuts.map(({ id }) => id), reason: reason.trim() });
      toast(t('optOutAct.doneIn', { name }));
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('optOutAct.inTitle', { name })}
      submit={t('optOutAct.in')}
      form={form}
      busy={busy}
      intro={<p className="pb-4 text-muted">{t('optOutAct.inWords')}</p>}
    >
      <Field label={t('optOutAct.reason')} hint={t('optOutAct.reasonHint')} error={errors.reason ?? errors.form}>
        <Input autoComplete="off" {...input('reason')} />
      </Field>
    </FormDialog>
  );
}

export function ConsentDialog({ contactId, name, onClose }: Props) {
  const { t } = useTranslation();
  const record = useChange(recordConsent);
  const missing = useMissing();
  const { form, input, errors, busy } = useForm({
    start: { wording: '', basis: '', reason: '' },
    fields: { legal_basis: 'basis' },
    check: given => missing(given, ['wording', 'basis']),
    async send({ wording, basis, reason }) {
      const where = reason.trim();
      await record({
        contact_id: contactId,
        wording: wording.trim(),
        legal_basis: basis.trim(),
        ...(where !== '' && { reason: where }),
      });
      toast(t('optOutAct.doneConsent', { name }));
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      title={t('optOutAct.consentTitle', { name })}
      submit={t('optOutAct.consentAction')}
      form={form}
      busy={busy}
    >
      <Field label={t('optOutAct.wording')} hint={t('optOutAct.wordingHint')} error={errors.wording}>
        <Area rows={3} {...input('wording')} />
      </Field>
      <Field label={t('optOutAct.basis')} hint={t('optOutAct.basisHint')} error={errors.basis}>
        <Input autoComplete="off" {...input('basis')} />
      </Field>
      <Field label={t('optOutAct.where')} hint={t('optOutAct.whereHint')} error={errors.reason ?? errors.form}>
        <Input autoComplete="off" {...input('reason')} />
      </Field>
    </FormDialog>
  );
}
