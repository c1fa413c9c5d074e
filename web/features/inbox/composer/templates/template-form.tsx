// The values of a template: its fields, what arrives, and the button that sends it.
import type { Account, Template, TemplateContent } from '@recado/client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../../components/button.tsx';
import { directionOf, Select } from '../../../../components/field.tsx';
import { TemplatePreview } from '../../../../components/message/template-preview.tsx';
import { contentOf, shapeOf, type Values, type Variable } from '../../../../components/message/template-shape.ts';
import { useObjectUrl } from '../../../../kit/object-url.ts';
import type { Offer } from '../replies/of-conversation.ts';
import { type ChosenFile, HeaderFileField } from './header-file.tsx';
import { isSendable, useStateWords } from './template-list.tsx';
import { clean, offeredValues } from './values.ts';

interface Props {
  account: Account;
  /** The same template in its languages. */
  languages: readonly Template[];
  /** A message to this person costs less while the window is open. */
  isWindowOpen: boolean;
  /** A saved reply that chose the template. */
  offer?: Offer | undefined;
  /** Something was filled in. */
  onTouched?: (() => void) | undefined;
  onSend: (content: TemplateContent) => void;
}

export function TemplateForm({ account, languages, isWindowOpen, offer, onTouched, onSend }: Props) {
  const { t, i18n } = useTranslation();
  const stateWords = useStateWords();
  const [start] = useState(
    () => languages.find(each => each.language === offer?.template.language) ?? preferred(languages, i18n.language),
  );
  const [language, setLanguage] = useState(start?.language);
  const template = languages.find(each => each.language === language) ?? languages[0];
  const [values, setValues] = useState<Values>(() =>
    start && offer ? offeredValues(offer, shapeOf(start).variables) : {},
  );
  const [file, setFile] = useState<ChosenFile>();
  const [isChecked, setChecked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!offer) return;
    const fields = [...(form.current?.querySelectorAll<HTMLInputElement>('label input') ?? [])];
    const next = fields.find(({ value }) => value === '') ?? form.current?.querySelector<HTMLElement>('[type=submit]');
    next?.focus();
  }, [offer]);
  const picture = useObjectUrl(file?.blob.type.startsWith('image/') ? file.blob : undefined);
  if (!template) return null;
  const shape = shapeOf(template);
  const mediaKind = shape.header && shape.header.kind !== 'text' ? shape.header.kind : undefined;
  const isMissing = ({ id }: Variable) => !values[id]?.trim();
  const reason = stateWords(template);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!template) return;
    setChecked(true);
    if (shape.variables.some(isMissing) || (mediaKind && !file))
      return void requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
    onSend(contentOf(template, values, file));
  }

  return (
    <form
      ref={form}
      noValidate
      aria-label={template.name}
      onSubmit={submit}
      className="grid max-h-[44dvh] min-w-0 content-between gap-3 overflow-y-auto px-3.5 py-3"
    >
      <div className="grid grid-cols-[repeat(auto-fill,minmax(132px,1fr))] gap-2 empty:hidden">
        {mediaKind && (
          <HeaderFileField
            kind={mediaKind}
            chosen={file}
            missing={isChecked && !file}
            onChosen={chosen => {
              setFile(chosen);
              onTouched?.();
            }}
          />
        )}
        {shape.variables.map(variable => (
          <ValueField
            key={variable.id}
            variable={variable}
            value={values[variable.id] ?? ''}
            missing={isChecked && isMissing(variable)}
            onChange={value => {
              setValues(before => ({ ...before, [variable.id]: clean(value) }));
              onTouched?.();
            }}
          />
        ))}
      </div>
      <TemplatePreview shape={shape} values={values} header={file && <Media name={file.filename} url={picture} />} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="min-w-40 flex-1 text-12 text-faint">
          <Language templates={languages} language={template.language} onChange={setLanguage} />
          {' · '}
          <Price template={template} account={account} isWindowOpen={isWindowOpen} />
        </span>
        <Button
          type="submit"
          kind="primary"
          size="small"
          className="ms-auto"
          impossible={reason === '' ? undefined : reason}
        >
          {t('composer.template.send')}
        </Button>
      </div>
    </form>
  );
}

/** The one in the language of the app, if it can be sent. */
function preferred(templates: readonly Template[], language: string): Template | undefined {
  const sendable = templates.filter(isSendable);
  return sendable.find(each => each.language.startsWith(language)) ?? sendable[0] ?? templates[0];
}

interface ValueProps {
  variable: Variable;
  value: string;
  missing: boolean;
  onChange: (value: string) => void;
}

function ValueField({ variable: { id, name, example, button }, value, missing, onChange }: ValueProps) {
  const { t } = useTranslation();
  const number = id.slice(id.indexOf('.') + 1);
  const label =
    button === undefined
      ? (name ?? t('composer.template.value', { number }))
      : t('composer.template.ofButton', { button });
  return (
    <label className="grid min-w-0 content-start gap-1">
      <span className="cut text-12 text-muted">{label}</span>
      <input
        dir={directionOf(value)}
        value={value}
        placeholder={example}
        aria-invalid={missing || undefined}
        onChange={({ target }) => onChange(target.value)}
        className="h-control-s w-full min-w-0 rounded-control border border-line bg-surface px-2.5 placeholder:text-faint focus-visible:-outline-offset-1 aria-invalid:border-danger-solid"
      />
      {missing && <span className="text-12 text-danger">{t('form.missing')}</span>}
    </label>
  );
}

const Media = ({ name, url }: { name: string; url: string | undefined }) =>
  url === undefined ? (
    <bdi className="block rounded-control bg-(--line)/20 px-3 py-2 font-medium">{name}</bdi>
  ) : (
    <img src={url} alt={name} className="block max-h-32 w-60 max-w-full rounded-control object-cover" />
  );

interface LanguageProps {
  templates: readonly Template[];
  language: string;
  onChange: (language: string) => void;
}

function Language({ templates, language, onChange }: LanguageProps) {
  const { t, i18n } = useTranslation();
  const names = new Intl.DisplayNames(i18n.language, { type: 'language', fallback: 'code' });
  const nameOf = (code: string) => names.of(code.replace('_', '-')) ?? code;
  if (templates.length < 2) return <bdi>{nameOf(language)}</bdi>;
  return (
    <Select
      aria-label={t('composer.template.language')}
      value={language}
      onChange={({ target }) => onChange(target.value)}
      className="h-control-s! w-auto! text-13"
    >
      {templates.map(each => (
        <option key={each.id} value={each.language}>
          {nameOf(each.language)}
        </option>
      ))}
    </Select>
  );
}

/** What WhatsApp charges for. Within the window utility templates are free. */
function Price({ template, account, isWindowOpen }: { template: Template; account: Account; isWindowOpen: boolean }) {
  const { t } = useTranslation();
  const isMarketing = template.category === 'MARKETING';
  const category = t(isMarketing ? 'composer.template.marketing' : 'composer.template.utility');
  const price = account.capabilities.simulated
    ? t('composer.template.free')
    : t(isWindowOpen && !isMarketing ? 'composer.template.freeInWindow' : 'composer.template.charged');
  return (
    <>
      {category} · {price}
    </>
  );
}
