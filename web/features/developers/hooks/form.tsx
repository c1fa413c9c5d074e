// What can be set of a hook: the fields of a new one, and of one that is changed.
import type { CreateHookBody, Hook, Template } from '@recado/client';
import { hookFormats, hookVariables } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Affix, Check, Field, Input, Select } from '../../../components/field.tsx';
import { shapeOf } from '../../../components/message/template-shape.ts';
import { useAccounts } from '../../../data/accounts.ts';
import { templatesQuery } from '../../../data/templates.ts';
import { useForm } from '../../../kit/form.ts';
import { useFormat } from '../../../kit/format.ts';
import { ContactPicker } from '../../contacts/index.ts';
import { isSendable } from '../../inbox/index.ts';
import { useContactNames, useFormatName } from './words.tsx';

type Variable = (typeof hookVariables)[number];

const mostContacts = 20;
const spans = ['60', '3600', '86400'] as const;
/** What usually fills so many variables; one of them tells all. */
const usualVariables = (count: number): Variable[] =>
  count === 1 ? ['message'] : (['state', 'title', 'text', 'source'] as const).slice(0, count);

const keyOf = ({ name, language }: { name: string; language: string }) => `${name} ${language}`;

/** How many variables the body of a template has; undefined where a hook cannot fill it in. */
function variablesIn(template: Template): number | undefined {
  const { header, variables } = shapeOf(template);
  const isPlain =
    (header === undefined || header.kind === 'text') && variables.every(({ id }) => /^body\.\d+$/.test(id));
  return isPlain && isSendable(template) ? variables.length : undefined;
}

/** The form of a hook; `send` gets what it says. */
export function useHookForm(hook: Hook | undefined, send: (body: CreateHookBody) => Promise<void>) {
  const { t } = useTranslation();
  const accounts = useAccounts();
  // They may come after the form.
  const first = accounts[0]?.id ?? '';
  const [contacts, setContacts] = useState<string[]>(hook?.contact_ids ?? []);
  const [variables, setVariables] = useState<Variable[]>(hook?.template?.variables ?? []);
  const form = useForm({
    start: {
      ...{ name: hook?.name ?? '', account: hook?.account_id ?? '', format: hook?.format ?? '' },
      ...{ template: hook?.template ? keyOf(hook.template) : '', resolved: String(hook?.tells_resolved ?? true) },
      ...{ group: String(hook?.group_seconds ?? 30), messages: String(hook?.limit.messages ?? 20) },
      ...{ seconds: String(hook?.limit.seconds ?? 3_600), contacts: '', variables: '' },
    },
    fields: {
      ...{
        account_id: 'account',
        contact_ids: 'contacts',
        'template.name': 'template',
        'template.language': 'template',
      },
      ...{ 'template.variables': 'variables', group_seconds: 'group' },
      ...{ 'limit.messages': 'messages', 'limit.seconds': 'seconds' },
      ...Object.fromEntries(contacts.map((_, place) => [`contact_ids[${place}]`, 'contacts' as const])),
    },
    check: ({ name }) => ({
      ...(name.trim() === '' && { name: t('form.missing') }),
      ...(contacts.length === 0 && { contacts: t('developers.hooks.chooseSome') }),
    }),
    async send(given) {
      const [template = '', language = ''] = given.template.split(' ');
      await send({
        ...{ name: given.name.trim(), account_id: given.account || first, contact_ids: contacts },
        template: template === '' ? null : { name: template, language, variables },
        format: given.format === '' ? null : (given.format as (typeof hookFormats)[number]),
        ...{ tells_resolved: given.resolved === 'true', group_seconds: Number(given.group) },
        limit: { messages: Number(given.messages), seconds: Number(given.seconds) },
      });
    },
  });
  return { ...form, account: form.values.account || first, accounts, contacts, setContacts, variables, setVariables };
}

type HookForm = ReturnType<typeof useHookForm>;

export function HookFields({ fields }: { fields: HookForm }) {
  const { t } = useTranslation();
  const { input, set, values, errors, accounts } = fields;
  const formatName = useFormatName();
  const spanWords = useSpanWords();
  const onSelect = (name: 'account' | 'format' | 'seconds') => {
    const { onChange, ...rest } = input(name);
    return { ...rest, onChange: onChange as never };
  };
  return (
    <>
      <Field label={t('developers.hooks.name')} error={errors.name ?? errors.form}>
        <Input autoComplete="off" {...input('name')} />
      </Field>
      <div className="grid gap-4 md:grid-cols-2">
        <Field label={t('developers.hooks.format')} error={errors.format}>
          <Select {...onSelect('format')}>
            <option value="">{formatName(null)}</option>
            {hookFormats.map(format => (
              <option key={format} value={format}>
                {formatName(format)}
              </option>
            ))}
          </Select>
        </Field>
        <Contacts fields={fields} />
      </div>
      <div className="grid gap-4 md:grid-cols-2">
        <Field label={t('developers.hooks.from')} hint={t('developers.hooks.fromHint')} error={errors.account}>
          <Select {...onSelect('account')} value={fields.account}>
            {accounts.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <TemplateFields fields={fields} />
      </div>
      <Check
        label={t('developers.hooks.resolved')}
        checked={values.resolved === 'true'}
        onChange={({ target }) => set('resolved', String(target.checked))}
      />
      <div className="grid gap-4 md:grid-cols-2">
        <Field label={t('developers.hooks.group')} hint={t('developers.hooks.groupHint')} error={errors.group}>
          <Affix after={t('developers.hooks.seconds')}>
            <Input inputMode="numeric" {...input('group')} />
          </Affix>
        </Field>
        <Field
          label={t('developers.hooks.limit')}
          hint={t('developers.hooks.limitHint')}
          error={errors.messages ?? errors.seconds}
        >
          <span className="flex gap-2">
            <Input inputMode="numeric" className="w-20! flex-none" {...input('messages')} />
            <Select aria-label={t('developers.hooks.span')} {...onSelect('seconds')}>
              {[...new Set([...spans, values.seconds])].map(seconds => (
                <option key={seconds} value={seconds}>
                  {spanWords(seconds)}
                </option>
              ))}
            </Select>
          </span>
        </Field>
      </div>
    </>
  );
}

/** The time of a limit in words. */
function useSpanWords(): (seconds: string) => string {
  const { t } = useTranslation();
  const isUsual = (seconds: string): seconds is (typeof spans)[number] =>
    (spans as readonly string[]).includes(seconds);
  return seconds =>
    isUsual(seconds)
      ? t(`developers.hooks.per.${seconds}`)
      : t('developers.hooks.perSeconds', { count: Number(seconds) });
}

function Contacts({ fields: { contacts, setContacts, errors } }: { fields: HookForm }) {
  const { t } = useTranslation();
  const { list } = useFormat();
  const [isOpen, setIsOpen] = useState(false);
  const nameOf = useContactNames(contacts);
  return (
    <div className="grid content-start gap-1.5">
      <span className="text-13 font-medium text-text">{t('developers.hooks.writesTo')}</span>
      <span className="flex min-h-control flex-wrap items-center justify-between gap-2">
        <bdi className="min-w-0 flex-1 text-text">
          {contacts.length === 0 ? t('developers.hooks.nobody') : list(contacts.map(nameOf))}
        </bdi>
        <Button size="small" kind="line" icon={UserPlus} onClick={() => setIsOpen(true)}>
          {t('developers.hooks.choose')}
        </Button>
      </span>
      {errors.contacts && (
        <p role="alert" className="text-13 text-danger">
          {errors.contacts}
        </p>
      )}
      {isOpen && (
        <Dialog
          open
          wide
          onClose={() => setIsOpen(false)}
          title={t('developers.hooks.writesTo')}
          footer={
            <Button kind="primary" onClick={() => setIsOpen(false)}>
              {t('action.done')}
            </Button>
          }
        >
          <ContactPicker chosen={new Set(contacts)} most={mostContacts} onChange={chosen => setContacts([...chosen])} />
        </Dialog>
      )}
    </div>
  );
}

/** The template, and what fills each of its variables. */
function TemplateFields({ fields }: { fields: HookForm }) {
  const { t } = useTranslation();
  const { account, values, set, errors, variables, setVariables } = fields;
  const all = useQuery({ ...templatesQuery(account), enabled: account !== '' }).data?.rows ?? [];
  const fitting = all.flatMap(template => {
    const count = variablesIn(template);
    return count === undefined
      ? []
      : [{ key: keyOf(template), name: template.name, language: template.language, count }];
  });
  const choose = (key: string) => {
    set('template', key);
    setVariables(usualVariables(fitting.find(each => each.key === key)?.count ?? 0));
  };
  const isKnown = values.template === '' || fitting.some(({ key }) => key === values.template);
  return (
    <div className="grid content-start gap-4">
      <Field label={t('developers.hooks.template')} hint={t('developers.hooks.templateHint')} error={errors.template}>
        <Select name="template" value={values.template} onChange={({ target }) => choose(target.value)}>
          <option value="">{t('developers.hooks.noTemplate')}</option>
          {!isKnown && <option value={values.template}>{values.template}</option>}
          {fitting.map(({ key, name, language }) => (
            <option key={key} value={key}>
              {`${name} (${language})`}
            </option>
          ))}
        </Select>
      </Field>
      {variables.length > 0 && (
        <div className="grid gap-2">
          {variables.map((variable, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a variable is its place
            <span key={place} className="flex items-center gap-3 text-13">
              <code dir="ltr" className="flex-none">{`{{${place + 1}}}`}</code>
              <Select
                aria-label={`{{${place + 1}}}`}
                value={variable}
                onChange={({ target }) =>
                  setVariables(variables.map((each, at) => (at === place ? (target.value as Variable) : each)))
                }
              >
                {hookVariables.map(each => (
                  <option key={each} value={each}>
                    {t(`developers.hooks.variable.${each}`)}
                  </option>
                ))}
              </Select>
            </span>
          ))}
        </div>
      )}
      {errors.variables && (
        <p role="alert" className="text-13 text-danger">
          {errors.variables}
        </p>
      )}
    </div>
  );
}
