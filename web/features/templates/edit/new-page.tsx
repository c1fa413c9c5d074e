// A new template, or another language of one.
import type { Account, Template } from '@recado/client';
import { type TemplateCategory, templateCategories } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { Page } from '../../../components/page.tsx';
import { Answer, Empty, Loading, SkeletonCard } from '../../../components/states.tsx';
import { Card } from '../../../components/surfaces.tsx';
import { accountsQuery } from '../../../data/accounts.ts';
import { createTemplate, templateQuery } from '../../../data/templates.ts';
import { useAction } from '../../../kit/use-action.ts';
import { useTemplateWords } from '../../../words/template.ts';
import { componentsOf, draftOf, emptyDraft } from './draft.ts';
import { Editor } from './editor.tsx';
import { templateLanguages, useLanguageName } from './languages.ts';
import { checkRules } from './rules.ts';
import { type DraftState, useDraft } from './use-draft.ts';

const back = (label: string) => ({ to: '/templates', label }) as const;

export function NewTemplatePage() {
  const { t } = useTranslation();
  const { from } = useSearch({ from: '/inside/templates/new' });
  const accounts = useQuery(accountsQuery);
  const model = useQuery({ ...templateQuery(from ?? ''), enabled: from !== undefined });
  const query = from === undefined || model.data || model.error ? accounts : { ...accounts, data: undefined };
  const title = t(from === undefined ? 'templates.new' : 'templates.newLanguage');
  const frame = (
    <Page title={title} back={back(t('templates.back'))}>
      <Loading>
        <SkeletonCard className="h-44" />
      </Loading>
    </Page>
  );
  return (
    <Answer query={query} failed={t('templates.failedOne')} skeleton={frame}>
      {({ rows }) => <Form key={from} title={title} accounts={rows} model={model.data} />}
    </Answer>
  );
}

/** One account of each business account that has templates: of the model's where there is one. */
function accountsFor(accounts: readonly Account[], model: Template | undefined): Account[] {
  const able = accounts.filter(({ capabilities }) => capabilities.templates);
  if (model) return able.filter(({ business_account_id: id }) => id === model.business_account_id).slice(0, 1);
  return able.filter(
    ({ business_account_id: id }, at) => able.findIndex(({ business_account_id }) => business_account_id === id) === at,
  );
}

interface FormProps {
  title: string;
  accounts: readonly Account[];
  model: Template | undefined;
}

function Form({ title, accounts, model }: FormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const state = useDraft(model ? { ...draftOf(model), language: '' } : emptyDraft);
  const choices = accountsFor(accounts, model);
  const [chosen, setChosen] = useState<string>();
  const account = choices.find(({ id }) => id === chosen) ?? choices[0];
  const { draft } = state;
  const checked = checkRules(draft);
  const create = useAction({
    ...createTemplate,
    done: t('templates.sent'),
    quiet: true,
    onDone: ({ id }) => {
      void navigate({ to: '/templates/$templateId', params: { templateId: id }, ignoreBlocker: true });
    },
  });
  const body = {
    account_id: account?.id ?? '',
    name: draft.name,
    language: draft.language,
    category: draft.category,
    parameter_format: draft.isNamed ? ('named' as const) : ('positional' as const),
    components: componentsOf(draft),
  };
  const isBroken = draft.language === '' || checked.some(({ holds }) => !holds);
  const example = {
    method: 'POST',
    path: '/api/v1/templates',
    body,
    sdk: `await recado.templates.create(${JSON.stringify(body, null, 2)});`,
  };
  const send = (
    <Button
      kind="primary"
      busy={create.isPending}
      impossible={isBroken ? t(draft.language === '' ? 'templates.noLanguage' : 'templates.broken') : undefined}
      onClick={() => create.mutate(body)}
    >
      {t('templates.send')}
    </Button>
  );
  return (
    <Page title={title} back={back(t('templates.back'))} example={example} actions={account && send}>
      <LeaveGuard
        when={state.isChanged && !create.isPending && !create.isSuccess}
        title={t('templates.leaveTitle', { name: draft.name })}
        keep={t('templates.leaveKeep')}
        confirm={t('templates.leaveConfirm')}
      >
        {t('templates.leaveWords')}
      </LeaveGuard>
      {account ? (
        <Editor
          state={state}
          checked={checked}
          readOnly={false}
          error={create.error}
          head={
            <Head
              state={state}
              isLanguage={model !== undefined}
              accounts={choices}
              account={account}
              onAccount={setChosen}
            />
          }
        />
      ) : (
        <Card>
          <Empty icon={Smartphone} title={t('templates.noAccount')}>
            {t('templates.noAccountWords')}
          </Empty>
        </Card>
      )}
    </Page>
  );
}

interface HeadProps {
  state: DraftState;
  /** Another language of a template: its name and category are given. */
  isLanguage: boolean;
  accounts: readonly Account[];
  account: Account;
  onAccount: (id: string) => void;
}

function Head({ state: { draft, set }, isLanguage, accounts, account, onAccount }: HeadProps) {
  const { t } = useTranslation();
  const words = useTemplateWords();
  const nameOf = useLanguageName();
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field label={t('templates.name')} hint={t(isLanguage ? 'templates.nameFixed' : 'templates.nameHint')}>
        <Input
          readOnly={isLanguage}
          autoFocus={!isLanguage}
          autoComplete="off"
          maxLength={512}
          value={draft.name}
          onChange={({ target }) => set({ name: target.value.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_') })}
          className="font-mono leading-6"
        />
      </Field>
      <Field label={t('templates.language')}>
        <Select value={draft.language} onChange={({ target }) => set({ language: target.value })}>
          <option value="">{t('templates.choose')}</option>
          {templateLanguages.map(code => (
            <option key={code} value={code}>
              {nameOf(code)} ({code})
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('templates.categoryOf')} hint={t(`templates.categoryHint.${draft.category}`)}>
        <Select
          value={draft.category}
          disabled={isLanguage}
          onChange={({ target }) => set({ category: target.value as TemplateCategory })}
        >
          {templateCategories.map(category => (
            <option key={category} value={category}>
              {words.category(category)}
            </option>
          ))}
        </Select>
      </Field>
      {accounts.length > 1 && (
        <Field label={t('templates.account')} hint={t('templates.accountHint')}>
          <Select value={account.id} onChange={({ target }) => onAccount(target.value)}>
            {accounts.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  );
}
