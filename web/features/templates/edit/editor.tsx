// A template as a form: its parts, the samples of its variables, and beside them what arrives.

import { ApiError } from '@recado/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Check, Field, Input, Select } from '../../../components/field.tsx';
import { Card, CardHead, Table } from '../../../components/surfaces.tsx';
import { useErrorWords } from '../../../kit/use-action.ts';
import { HeaderFileField } from '../../inbox/index.ts';
import { BodyField, Length } from './body-field.tsx';
import { ButtonsField } from './buttons-field.tsx';
import { type HeaderFormat, headerFormats, needsFile, variablesOf } from './draft.ts';
import { type Checked, lengths } from './rules.ts';
import { PreviewCard, RulesCard } from './side.tsx';
import type { DraftState } from './use-draft.ts';

interface Props {
  state: DraftState;
  checked: readonly Checked[];
  /** Name, language and category: they differ between a new template and one that is there. */
  head: ReactNode;
  /** Nothing can be changed now. */
  readOnly: boolean;
  /** Below the rules. */
  beside?: ReactNode;
  error: unknown;
}

export function Editor({ state, checked, head, readOnly, beside, error }: Props) {
  const { draft } = state;
  const isCode = draft.category === 'AUTHENTICATION';
  return (
    <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-12">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:col-span-7">
        <Rejection error={error} />
        <Card className="grid gap-4 p-4 md:p-5">
          {head}
          {isCode ? (
            <CodeFields state={state} readOnly={readOnly} />
          ) : (
            <>
              <HeaderFields state={state} readOnly={readOnly} />
              <BodyField state={state} readOnly={readOnly} />
              <FooterField state={state} readOnly={readOnly} />
              <ButtonsField state={state} readOnly={readOnly} />
            </>
          )}
        </Card>
        {!isCode && <Samples state={state} readOnly={readOnly} />}
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:gap-6 lg:sticky lg:top-16 lg:col-span-5">
        <PreviewCard draft={draft} />
        {!readOnly && <RulesCard draft={draft} checked={checked} />}
        {beside}
      </div>
    </div>
  );
}

/** Why the last try was rejected: the words of WhatsApp, or the fields that are wrong. */
function Rejection({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const inWords = useErrorWords();
  if (!error) return null;
  const fields = error instanceof ApiError ? error.errors : [];
  return (
    <Banner tone="danger" title={t('templates.rejected')}>
      {fields.length > 0 ? fields.map(({ message }) => message).join(' ') : inWords(error)}
    </Banner>
  );
}

interface PartProps {
  state: DraftState;
  readOnly: boolean;
}

const fileKinds = { IMAGE: 'image', VIDEO: 'video', GIF: 'video', DOCUMENT: 'document' } as const;
const kindOf = (format: HeaderFormat | undefined) =>
  format !== undefined && format in fileKinds ? fileKinds[format as keyof typeof fileKinds] : undefined;

function HeaderFields({ state: { draft, set }, readOnly }: PartProps) {
  const { t } = useTranslation();
  const kind = kindOf(draft.header);
  const choose = (value: string) => set({ header: headerFormats.find(format => format === value), file: undefined });
  return (
    <div className="grid gap-4 md:grid-cols-[160px_minmax(0,1fr)]">
      <Field label={t('templates.header')}>
        <Select value={draft.header ?? ''} disabled={readOnly} onChange={({ target }) => choose(target.value)}>
          <option value="">{t('templates.noHeader')}</option>
          {headerFormats.map(format => (
            <option key={format} value={format}>
              {t(`templates.headerOf.${format}`)}
            </option>
          ))}
        </Select>
      </Field>
      {draft.header === 'TEXT' && (
        <Field
          label={t('templates.headerText')}
          aside={<Length used={draft.headerText.length} most={lengths.header} />}
        >
          <Input
            readOnly={readOnly}
            value={draft.headerText}
            onChange={({ target }) => set({ headerText: target.value })}
          />
        </Field>
      )}
      {kind !== undefined && !readOnly && (
        <HeaderFileField
          kind={kind}
          chosen={draft.file}
          missing={needsFile(draft.header) && draft.file === undefined && draft.body !== ''}
          onChosen={file => set({ file: file && { id: file.id, filename: file.filename } })}
        />
      )}
    </div>
  );
}

function FooterField({ state: { draft, set }, readOnly }: PartProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('templates.footer')} aside={<Length used={draft.footer.length} most={lengths.footer} />}>
      <Input readOnly={readOnly} value={draft.footer} onChange={({ target }) => set({ footer: target.value })} />
    </Field>
  );
}

function CodeFields({ state: { draft, set }, readOnly }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <p className="text-13 text-muted">{t('templates.codeWords')}</p>
      <Check
        label={t('templates.warnsOfSharing')}
        checked={draft.warnsOfSharing}
        disabled={readOnly}
        onChange={({ target }) => set({ warnsOfSharing: target.checked })}
      />
      <Field label={t('templates.minutes')} hint={t('templates.minutesHint')}>
        <Input
          inputMode="numeric"
          readOnly={readOnly}
          value={draft.minutes}
          onChange={({ target }) => set({ minutes: target.value.replaceAll(/\D/g, '') })}
          className="num w-24!"
        />
      </Field>
    </>
  );
}

/** A sample of each variable, which WhatsApp reviews and which fills the preview. */
function Samples({ state: { draft, setSample }, readOnly }: PartProps) {
  const { t } = useTranslation();
  const variables = variablesOf(draft);
  if (variables.length === 0) return null;
  return (
    <Card>
      <CardHead title={t('templates.variables')}>
        <span className="text-13 text-muted">{t('templates.variablesWords')}</span>
      </CardHead>
      <Table bare short label={t('templates.variables')}>
        <thead>
          <tr>
            <th scope="col">{t('templates.variableName')}</th>
            <th scope="col">{t('templates.sample')}</th>
          </tr>
        </thead>
        <tbody>
          {variables.map(({ key, name }) => (
            <tr key={key}>
              <td>
                <code className="rounded-badge bg-accent-soft px-1.5 py-0.5 text-accent-text">{name}</code>
              </td>
              <td className="wide">
                <Input
                  aria-label={t('templates.sampleOf', { name })}
                  readOnly={readOnly}
                  value={draft.samples[key] ?? ''}
                  onChange={({ target }) => setSample(key, target.value)}
                  className="h-control-s!"
                />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
