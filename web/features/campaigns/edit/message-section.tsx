// The message and its senders: accounts, and one to four variants.
import type { Account, Template } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { Chip, Chips, Segments } from '../../../components/choose.tsx';
import { Area, Field, Select } from '../../../components/field.tsx';
import { CutNote } from '../../../components/list-table.tsx';
import { shapeOf } from '../../../components/message/template-shape.ts';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { accountsQuery } from '../../../data/accounts.ts';
import { allTemplatesQuery, templatesQuery } from '../../../data/templates.ts';
import { useTemplateWords } from '../../../words/template.ts';
import { choicesOf, HeaderFileField, isSendable } from '../../inbox/index.ts';
import { letters } from '../one/result.tsx';
import { type KeptColumn, useKeptColumns } from '../sources.ts';
import { type Draft, newVariant, placeholdersIn, placesOf, type VariantDraft } from './draft.ts';
import { NumberField } from './number-field.tsx';
import { type Problem, problemsAt, useProblemWords } from './problems.ts';
import { fileIn, firstValue, nameOf, templateContent } from './template-message.ts';
import { VariablesTable } from './variables.tsx';

export interface SectionProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  /** The problems that the last try to start found. */
  problems: readonly Problem[];
}

const mostVariants = 4;
const none: readonly Account[] = [];

export function MessageSection({ draft, set, problems }: SectionProps) {
  const { t } = useTranslation();
  const places = placesOf(draft);
  const setVariant = (key: number, change: Partial<VariantDraft>) =>
    set({ variants: draft.variants.map(each => (each.key === key ? { ...each, ...change } : each)) });
  const columns = useKeptColumns(draft.include);
  const several = draft.variants.length > 1;
  const add = () => {
    const share = Math.floor(100 / (draft.variants.length + 1));
    const [first] = draft.variants;
    set({
      variants: [...draft.variants.map(each => ({ ...each, share })), newVariant(share, first?.kind)],
    });
  };
  return (
    <Card>
      <CardHead title={`1 · ${t('campaigns.section.message')}`} />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <Accounts draft={draft} set={set} problems={problems} />
        {draft.variants.map((variant, place) => (
          <section
            key={variant.key}
            aria-label={several ? t('campaigns.variantName', { letter: letters[place] }) : undefined}
            className="grid grid-cols-[minmax(0,1fr)] gap-4 not-first:border-t not-first:border-border not-first:pt-4"
          >
            {several && (
              <VariantHead
                letter={letters[place] ?? ''}
                variant={variant}
                onShare={share => setVariant(variant.key, { share })}
                onRemove={() => set({ variants: draft.variants.filter(({ key }) => key !== variant.key) })}
              />
            )}
            <Variant
              variant={variant}
              accountId={draft.account_ids[0]}
              columns={columns}
              problems={places[place] === undefined ? [] : problemsAt(problems, `variants[${places[place]}]`)}
              lacks={problemsAt(problems, 'variants').find(({ field }) => field === 'variants')}
              onChange={change => setVariant(variant.key, change)}
            />
          </section>
        ))}
        <div className="flex flex-wrap items-end justify-between gap-4 border-t border-border pt-4">
          {draft.variants.length < mostVariants && (
            <Button kind="line" size="small" icon={Plus} onClick={add}>
              {t('campaigns.addVariant')}
            </Button>
          )}
          <div className="w-56">
            <NumberField
              label={t('campaigns.control')}
              value={draft.control_share}
              min={0}
              max={90}
              after="%"
              onChange={value => set({ control_share: value ?? 0 })}
            />
          </div>
        </div>
        {several && <p className="text-13 text-muted">{t('campaigns.variantWords')}</p>}
      </CardBody>
    </Card>
  );
}

interface HeadProps {
  letter: string;
  variant: VariantDraft;
  onShare: (share: number) => void;
  onRemove: () => void;
}

function VariantHead({ letter, variant, onShare, onRemove }: HeadProps) {
  const { t } = useTranslation();
  return (
    <div className="flex items-end gap-3">
      <h3 className="flex-1 self-center font-strong">{t('campaigns.variantName', { letter })}</h3>
      <div className="w-28">
        <NumberField
          label={t('campaigns.share')}
          value={variant.share}
          min={0}
          max={100}
          after="%"
          onChange={value => onShare(value ?? 0)}
        />
      </div>
      <IconButton icon={Trash2} label={t('campaigns.removeVariant', { letter })} onClick={onRemove} />
    </div>
  );
}

/** The accounts that send it. */
function Accounts({ draft, set, problems }: SectionProps) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const whole = useQuery(accountsQuery).data;
  const accounts = whole?.rows ?? none;
  const [problem] = problemsAt(problems, 'account_ids');
  const toggle = (id: string) =>
    set({
      account_ids: draft.account_ids.includes(id)
        ? draft.account_ids.filter(each => each !== id)
        : [...draft.account_ids, id],
    });
  return (
    <div className="grid gap-1.5">
      <h3 className="text-13 font-medium">{t('campaigns.from')}</h3>
      <Chips label={t('campaigns.from')}>
        {accounts.map(({ id, name }) => (
          <Chip key={id} pressed={draft.account_ids.includes(id)} onClick={() => toggle(id)}>
            <bdi>{name}</bdi>
          </Chip>
        ))}
      </Chips>
      <CutNote whole={whole} />
      {problem ? (
        <p role="alert" className="text-13 text-danger">
          {words(problem)}
        </p>
      ) : (
        <p className="text-13 text-muted">{t('campaigns.fromWords')}</p>
      )}
    </div>
  );
}

interface VariantProps {
  variant: VariantDraft;
  accountId: string | undefined;
  columns: readonly KeptColumn[];
  problems: readonly Problem[];
  lacks: Problem | undefined;
  onChange: (change: Partial<VariantDraft>) => void;
}

function Variant({ variant, accountId, columns, problems, lacks, onChange }: VariantProps) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const own = useQuery({ ...templatesQuery(accountId ?? ''), enabled: accountId !== undefined }).data;
  const all = useQuery({ ...allTemplatesQuery, enabled: accountId === undefined }).data;
  const whole = accountId === undefined ? all : own;
  if (variant.kind === 'other')
    return <p className="text-13 text-muted">{t('campaigns.otherContent', { type: variant.other?.type })}</p>;
  const names = placeholdersIn(variant.kind === 'template' ? variant.template : { body: variant.text });
  const isEmpty = variant.kind === 'template' ? variant.template === undefined : variant.text.trim() === '';
  const [problem] = problems.filter(({ field }) => !field.includes('.variables.'));
  const error = problem ? words(problem) : lacks && isEmpty ? words(lacks) : undefined;
  return (
    <>
      <div>
        <Segments
          label={t('campaigns.kind')}
          value={variant.kind}
          options={[
            { value: 'template', label: t('campaigns.template') },
            { value: 'text', label: t('campaigns.text') },
          ]}
          onChange={kind => onChange({ kind })}
        />
      </div>
      {variant.kind === 'template' ? (
        <TemplatePart variant={variant} templates={whole?.rows} error={error} onChange={onChange} />
      ) : (
        <Field
          label={t('campaigns.text')}
          hint={t('campaigns.textHint', { first_name: '{{first_name}}' })}
          error={error}
        >
          <Area
            value={variant.text}
            maxLength={4_096}
            onChange={({ target }) => onChange({ text: target.value, variables: known(variant, target.value) })}
          />
        </Field>
      )}
      <CutNote whole={whole} />
      <VariablesTable
        names={names}
        labels={labelsOf(variant, whole?.rows)}
        variables={variant.variables}
        columns={columns}
        problems={problems}
        onChange={variables => onChange({ variables })}
      />
    </>
  );
}

const builtIns = ['first_name', 'name', 'phone', 'reference', 'language', 'account_name', 'today'];

/** The variables with those that the text names for the first time and that mean one thing only. */
function known({ variables }: VariantDraft, text: string): VariantDraft['variables'] {
  const added = placeholdersIn(text)
    .filter(name => builtIns.includes(name) && !variables[name])
    .map(name => [name, { from: 'built_in' as const, value: name }]);
  return { ...variables, ...Object.fromEntries(added) };
}

/** The template of a variant in its language. */
const templateOf = (
  { template }: Pick<VariantDraft, 'template'>,
  templates: readonly Template[] | undefined,
): Template | undefined =>
  template && templates?.find(({ name, language }) => name === template.name && language === template.language.code);

/** The names of the variables of a template. */
function labelsOf(variant: VariantDraft, templates: readonly Template[] | undefined): Record<string, string> {
  const template = variant.kind === 'template' ? templateOf(variant, templates) : undefined;
  if (!template) return {};
  return Object.fromEntries(
    shapeOf(template).variables.map(({ id, name, button }) => [
      nameOf(id),
      button ?? name ?? id.slice(id.indexOf('.') + 1),
    ]),
  );
}

interface TemplateProps {
  variant: VariantDraft;
  templates: readonly Template[] | undefined;
  error: string | undefined;
  onChange: (change: Partial<VariantDraft>) => void;
}

function TemplatePart({ variant, templates, error, onChange }: TemplateProps) {
  const { t, i18n } = useTranslation();
  const words = useTemplateWords();
  const choices = choicesOf(templates ?? []).filter(({ languages }) => languages.some(isSendable));
  const { template } = variant;
  const chosen = choices.find(({ name }) => name === template?.name);
  const known = templateOf(variant, templates);
  const header = known && shapeOf(known).header;
  const file = template && fileIn(template);
  const take = (next: Template, nextFile = file) => {
    const content = templateContent(next, nextFile);
    const fresh = placeholdersIn(content).flatMap(name => {
      const value = variant.variables[name] ?? firstValue(name);
      return value ? [[name, value] as const] : [];
    });
    onChange({ template: content, variables: Object.fromEntries(fresh) });
  };
  const choose = (name: string) => {
    const languages = choices.find(each => each.name === name)?.languages.filter(isSendable) ?? [];
    const next = languages.find(({ language }) => language.startsWith(i18n.language)) ?? languages[0];
    if (next) take(next, undefined);
  };
  const languageNames = new Intl.DisplayNames(i18n.language, { type: 'language', fallback: 'code' });
  const inWords = (code: string) => languageNames.of(code.replace('_', '-')) ?? code;
  const language = template ? inWords(template.language.code) : '';
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field
        label={t('campaigns.template')}
        error={error}
        hint={known && `${words.category(known.category)} · ${words.status(known.status)}`}
      >
        <Select value={template?.name ?? ''} onChange={({ target }) => choose(target.value)}>
          <option value="" disabled>
            {t('campaigns.chooseTemplate')}
          </option>
          {template && !chosen && <option value={template.name}>{template.name}</option>}
          {choices.map(({ name, languages }) => (
            <option key={name} value={name}>
              {`${name} · ${languages.map(each => each.language).join(', ')}`}
            </option>
          ))}
        </Select>
      </Field>
      {chosen && chosen.languages.length > 1 && template && (
        <>
          <Field label={t('campaigns.language')}>
            <Select
              value={template.language.code}
              onChange={({ target }) => {
                const next = chosen.languages.find(each => each.language === target.value);
                if (next) take(next);
              }}
            >
              {chosen.languages.filter(isSendable).map(each => (
                <option key={each.id} value={each.language}>
                  {inWords(each.language)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('campaigns.otherLanguages')}>
            <Select
              value={variant.byLanguage ? variant.withoutLanguage : 'one'}
              onChange={({ target: { value } }) =>
                onChange({
                  byLanguage: value !== 'one',
                  withoutLanguage: value === 'leave_out' ? 'leave_out' : 'default',
                })
              }
            >
              <option value="one">{t('campaigns.languages.one', { language })}</option>
              <option value="default">{t('campaigns.languages.default', { language })}</option>
              <option value="leave_out">{t('campaigns.languages.leave_out')}</option>
            </Select>
          </Field>
        </>
      )}
      {known && header && header.kind !== 'text' && (
        <HeaderFileField
          kind={header.kind}
          chosen={file}
          missing={false}
          onChosen={next => onChange({ template: templateContent(known, next) })}
        />
      )}
    </div>
  );
}
