// A new API key: what for, what it may do, and where.

import type { NewApiKey } from '@recado/client';
import { type KeyScope, keyScopes, maskedKeyScopes } from '@recado/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segments } from '../../../components/choose.tsx';
import { Check, Field, Input, Radio } from '../../../components/field.tsx';
import { FormDialog } from '../../../components/form-dialog.tsx';
import { NumbersChoice } from '../../../components/numbers-choice.tsx';
import { createKey } from '../../../data/keys.ts';
import { useMe } from '../../../data/me.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';
import { AccountChoice } from '../../accounts/index.ts';
import { scopeGroups, scopesOf } from './scopes.ts';

const usual: KeyScope[] = ['messages.create', 'messages.read'];

/** What most keys are for. */
const presets: Record<'send' | 'read' | 'all', readonly KeyScope[]> = {
  send: ['messages.create'],
  read: keyScopes.filter(scope => scope.endsWith('.read')),
  all: keyScopes,
};
const presetNames = Object.keys(presets) as (keyof typeof presets)[];

export function CreateKeyDialog({ onClose, onMade }: { onClose: () => void; onMade: (made: NewApiKey) => void }) {
  const { t } = useTranslation();
  const create = useChange(createKey);
  const [scopes, setScopes] = useState<KeyScope[]>(usual);
  const [accounts, setAccounts] = useState<string[] | null>(null);
  const [test, setTest] = useState(true);
  const [seesNumbers, setSeesNumbers] = useState(true);
  const { form, input, errors, busy } = useForm({
    start: { name: '', addresses: '', expires: '', scopes: '' },
    check: ({ name }) => ({
      ...(name.trim() === '' && { name: t('form.missing') }),
      ...(scopes.length === 0 && { scopes: t('keys.noScope') }),
      ...(accounts?.length === 0 && { scopes: t('people.noAccountChosen') }),
    }),
    async send({ name, addresses, expires }) {
      const ranges = addresses.split(/[\s,]+/).filter(Boolean);
      const made = await create({
        name: name.trim(),
        scopes,
        ...(test && { test }),
        ...(!seesNumbers && { sees_numbers: false }),
        ...(accounts && { account_ids: accounts }),
        ...(ranges.length > 0 && { addresses: ranges }),
        ...(expires !== '' && { expires_at: new Date(`${expires}T23:59:59`).toISOString() }),
      });
      onMade(made);
      onClose();
    },
  });
  return (
    <FormDialog onClose={onClose} title={t('keys.newTitle')} submit={t('keys.create')} wide form={form} busy={busy}>
      <Field label={t('keys.name')} hint={t('keys.nameHint')} error={errors.name ?? errors.form}>
        <Input autoFocus autoComplete="off" {...input('name')} />
      </Field>
      <fieldset className="grid gap-2 text-text">
        <legend className="mb-1.5 text-13 font-medium">{t('keys.where')}</legend>
        {[true, false].map(isTest => (
          <Radio
            key={String(isTest)}
            name="test"
            checked={test === isTest}
            onChange={() => setTest(isTest)}
            label={
              <>
                {t(isTest ? 'keys.testKey' : 'keys.liveKey')}
                <span className="block text-13 text-muted">{t(isTest ? 'keys.testHint' : 'keys.liveHint')}</span>
              </>
            }
          />
        ))}
      </fieldset>
      <ScopeChoice
        value={scopes}
        offered={seesNumbers ? keyScopes : maskedKeyScopes}
        onChange={setScopes}
        error={errors.scopes}
      />
      <NumbersChoice
        value={seesNumbers}
        onChange={sees => {
          setSeesNumbers(sees);
          if (!sees) setScopes(scopes.filter(scope => maskedKeyScopes.includes(scope)));
        }}
      />
      <AccountChoice label={t('people.accounts')} value={accounts} onChange={setAccounts} />
      <div className="grid gap-4 md:grid-cols-2">
        <Field label={t('keys.addresses')} hint={t('keys.addressesHint')} error={errors.addresses}>
          <Input dir="ltr" autoComplete="off" placeholder="10.0.0.0/8" {...input('addresses')} />
        </Field>
        <Field label={t('keys.expires')} hint={t('keys.expiresHint')} error={errors.expires}>
          <Input type="date" {...input('expires')} />
        </Field>
      </div>
    </FormDialog>
  );
}

const isSame = (some: readonly KeyScope[], others: readonly KeyScope[]) =>
  some.length === others.length && some.every(scope => others.includes(scope));

interface ScopeProps {
  value: KeyScope[];
  /** Which there are. */
  offered: readonly KeyScope[];
  onChange: (value: KeyScope[]) => void;
  error: string | undefined;
}

/** Only what the person may do themselves can be given on. */
function ScopeChoice({ value, offered, onChange, error }: ScopeProps) {
  const { t } = useTranslation();
  const { permissions } = useMe();
  const mayGive = (scope: KeyScope) => permissions.has(scope) && offered.includes(scope);
  const granted = (name: keyof typeof presets) => presets[name].filter(mayGive);
  return (
    <fieldset className="text-text">
      <legend className="mb-1.5 text-13 font-medium">{t('keys.may')}</legend>
      <div className="mb-3">
        <Segments<keyof typeof presets | ''>
          label={t('keys.presets')}
          value={presetNames.find(name => isSame(granted(name), value)) ?? ''}
          options={presetNames.map(name => ({ value: name, label: t(`keys.preset_${name}`) }))}
          onChange={name => name !== '' && onChange(granted(name))}
        />
      </div>
      <div className="grid gap-x-6 gap-y-3 text-13 md:grid-cols-2">
        {scopeGroups.map(group => (
          <div key={group} className="grid content-start gap-1.5">
            {scopesOf(group)
              .filter(mayGive)
              .map(scope => (
                <Check
                  key={scope}
                  label={t(`scope.${scope}`)}
                  checked={value.includes(scope)}
                  onChange={event =>
                    onChange(event.target.checked ? [...value, scope] : value.filter(each => each !== scope))
                  }
                />
              ))}
          </div>
        ))}
      </div>
      {error && (
        <p role="alert" className="mt-1.5 text-13 text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
