// One saved reply: its shortcut, text, files and for whom it is, with a preview of what a person would get.
import type { SavedReply } from '@recado/client';
import { fillReply, longestReply, nearestVariable, unknownVariables } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { type SelectHTMLAttributes, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, LinkButton } from '../../components/button.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { LeaveGuard } from '../../components/leave-guard.tsx';
import { CutNote } from '../../components/list-table.tsx';
import { Card, CardBody, CardFoot, CardHead } from '../../components/surfaces.tsx';
import { fieldsQuery } from '../../data/contact-fields.ts';

import { useMay, useMe } from '../../data/me.ts';
import { createSavedReply, newestPersonQuery, updateSavedReply } from '../../data/saved-replies.ts';
import { sharedWith, useTeams } from '../../data/teams.ts';
import { allTemplatesQuery } from '../../data/templates.ts';
import { useForm } from '../../kit/form.ts';
import { useFormat } from '../../kit/format.ts';
import { useChange } from '../../kit/use-action.ts';
import { AccountChoice } from '../accounts/index.ts';
import { choicesOf, isSendable, ReplyText } from '../inbox/index.ts';
import { ReplyBody } from './body-field.tsx';
import { type ReplyFile, ReplyFiles } from './files.tsx';

interface Props {
  /** Undefined: a new one. */
  reply: SavedReply | undefined;
  /** Whether a new one may be for everybody. */
  mayShare: boolean;
  isReadOnly: boolean;
  onClose: () => void;
  onSaved: (id: string) => void;
}

const shortcutRule = /^[a-z0-9][a-z0-9_-]{0,31}$/;

export function ReplyEditor({ reply, mayShare, isReadOnly, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const { when } = useFormat();
  const create = useChange(createSavedReply);
  const update = useChange(updateSavedReply);
  const fields = useQuery(fieldsQuery).data;
  const teams = useTeams();
  const keys = (fields ?? []).map(({ key }) => key);
  const [files, setFiles] = useState<readonly ReplyFile[]>(reply?.files ?? []);
  const [accounts, setAccounts] = useState<string[] | null>(reply?.account_ids ?? null);
  const unknownOf = (body: string) => (fields ? unknownVariables(body, keys)[0] : undefined);
  const form = useForm({
    start: {
      shortcut: reply?.shortcut ?? '',
      title: reply?.title ?? '',
      body: reply?.body ?? '',
      scope: reply?.team_id ?? reply?.scope ?? 'personal',
      language: reply?.language ?? '',
      template: keyOf(reply?.template),
    },
    fields: { 'template.name': 'template', 'template.language': 'template' },
    eager: ['shortcut', 'body'],
    check: ({ shortcut, title, body }) => ({
      ...(!shortcutRule.test(shortcut) && { shortcut: t('replies.shortcutRule') }),
      ...(title.trim() === '' && { title: t('form.missing') }),
      ...(body.trim() === ''
        ? { body: t('form.missing') }
        : unknownOf(body) !== undefined && { body: unknownWords(body) }),
      ...(accounts?.length === 0 && { form: t('people.noAccountChosen') }),
    }),
    async send({ shortcut, title, body, scope, language, template }) {
      const same = {
        shortcut,
        title: title.trim(),
        body,
        media_ids: files.map(({ id }) => id),
        language: language === '' ? null : language,
        account_ids: accounts,
        // One that stays is not checked again: it may be paused.
        ...(template !== keyOf(reply?.template) && { template: templateOf(template) }),
      };
      const { id } = reply ? await update({ id: reply.id, ...same }) : await create({ ...same, ...sharedWith(scope) });
      onSaved(id);
    },
  });
  const { values, errors, input, set, busy } = form;
  const unknownWords = (body: string) => t('replies.unknown', { name: unknownOf(body) });
  const meant = nearestVariable(unknownOf(values.body) ?? '', keys);
  const isTyped = form.isChanged || files.length > 0 || accounts !== null;
  const changed =
    !reply ||
    values.shortcut !== reply.shortcut ||
    values.title !== reply.title ||
    values.body !== reply.body ||
    values.language !== (reply.language ?? '') ||
    values.template !== keyOf(reply.template) ||
    JSON.stringify(files.map(({ id }) => id)) !== JSON.stringify(reply.files.map(({ id }) => id)) ||
    JSON.stringify(accounts) !== JSON.stringify(reply.account_ids);
  return (
    <Card aria-label={t('replies.editor')}>
      <LeaveGuard
        when={(reply ? changed : isTyped) && !isReadOnly && !busy}
        shows={{ parameter: 'reply', value: reply?.id ?? 'new' }}
      />
      <CardHead title={reply?.title ?? t('replies.newTitle')}>
        {reply && (
          <span className="text-13 text-muted">
            {t('replies.by', { name: reply.created_by.name ?? '', when: when(reply.updated_at) })}
          </span>
        )}
      </CardHead>
      <form {...form.form}>
        <CardBody>
          <fieldset disabled={isReadOnly} className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label={t('replies.shortcut')} hint={t('replies.shortcutHint')} error={errors.shortcut}>
                <Input
                  autoFocus={!reply}
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  maxLength={32}
                  className="font-mono"
                  {...input('shortcut')}
                />
              </Field>
              <Field label={t('replies.for')} hint={t(`replies.forHint.${sharedWith(values.scope).scope}`)}>
                <Select {...input('scope')} disabled={reply !== undefined || !mayShare}>
                  <option value="personal">{t('composer.reply.scope.personal')}</option>
                  {teams.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                  <option value="workspace">{t('composer.reply.scope.workspace')}</option>
                </Select>
              </Field>
            </div>
            <Field label={t('replies.name')} error={errors.title}>
              <Input autoComplete="off" maxLength={100} {...input('title')} />
            </Field>
            <ReplyBody
              value={values.body}
              most={longestReply}
              onChange={body => set('body', body)}
              error={
                errors.body && (
                  <>
                    {errors.body}{' '}
                    {unknownOf(values.body) !== undefined && meant !== undefined && (
                      <LinkButton
                        onClick={() => set('body', values.body.replaceAll(`{{${unknownOf(values.body)}`, `{{${meant}`))}
                      >
                        {t('replies.useInstead', { name: meant })}
                      </LinkButton>
                    )}
                  </>
                )
              }
            />
            <ReplyFiles files={files} onChange={setFiles} />
            <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">
              <Field label={t('replies.language')} hint={t('replies.languageHint')} error={errors.language}>
                <Input autoComplete="off" maxLength={8} placeholder="pt_BR" {...input('language')} />
              </Field>
              <TemplateField {...input('template')} error={errors.template} />
            </div>
            <AccountChoice label={t('replies.accounts')} value={accounts} onChange={setAccounts} />
            {errors.form && (
              <p role="alert" className="text-13 text-danger">
                {errors.form}
              </p>
            )}
          </fieldset>
          <Preview body={values.body} />
        </CardBody>
        <CardFoot>
          <span className="flex-1 text-13 text-muted">{t(`replies.seenBy.${sharedWith(values.scope).scope}`)}</span>
          <Button kind="line" onClick={onClose}>
            {t(isReadOnly || !changed ? 'action.close' : 'replies.discard')}
          </Button>
          {!isReadOnly && (
            <Button kind="primary" type="submit" busy={busy} impossible={changed ? undefined : t('replies.unchanged')}>
              {t('action.save')}
            </Button>
          )}
        </CardFoot>
      </form>
    </Card>
  );
}

const keyOf = (template: SavedReply['template'] | undefined) =>
  template ? `${template.name} ${template.language}` : '';

function templateOf(key: string): SavedReply['template'] {
  const [name, language] = key.split(' ');
  return name && language ? { name, language } : null;
}

interface TemplateFieldProps extends SelectHTMLAttributes<HTMLSelectElement> {
  error: string | undefined;
}

/** The template that is sent instead while the window is closed. */
function TemplateField({ error, ...select }: TemplateFieldProps) {
  const { t } = useTranslation();
  const mayRead = useMay('templates.read');
  const whole = useQuery({ ...allTemplatesQuery, enabled: mayRead }).data;
  const sendable = choicesOf(whole?.rows ?? []).flatMap(({ languages }) => languages.filter(isSendable));
  // Two business accounts may have the same one.
  const keys = [...new Set(sendable.map(keyOf))];
  const chosen = String(select.value);
  const isKnown = chosen === '' || keys.includes(chosen);
  const words = (key: string) => t('replies.template', templateOf(key) ?? {});
  return (
    <div className="grid content-start">
      <Field
        label={t('replies.windowClosed')}
        hint={t(whole && !isKnown ? 'replies.templateUnusable' : 'replies.sentInstead')}
        error={error}
      >
        <Select {...select} disabled={!mayRead}>
          <option value="">{t('replies.noTemplate')}</option>
          {!isKnown && <option value={chosen}>{words(chosen)}</option>}
          {keys.map(key => (
            <option key={key} value={key}>
              {words(key)}
            </option>
          ))}
        </Select>
      </Field>
      <CutNote whole={whole} />
    </div>
  );
}

/** What the person of the newest conversation would get. */
function Preview({ body }: { body: string }) {
  const { t } = useTranslation();
  const newest = useQuery(newestPersonQuery).data;
  const me = useMe().person?.name ?? '';
  if (!newest || body.trim() === '') return null;
  const { contact, account } = newest;
  const parts = fillReply(body, { contact, agent: me, account });
  return (
    <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-2">
      <h3 className="text-13 font-medium text-muted">
        {contact.name === null ? t('replies.previewNameless') : t('replies.preview', { name: contact.name })}
      </h3>
      <div className="rounded-control bg-sunken p-3">
        <p
          dir="auto"
          className="ms-auto w-fit max-w-full rounded-card bg-[var(--bubble-ours)] text-[var(--bubble-ours-text)] px-3 py-2 wrap-anywhere whitespace-pre-wrap"
        >
          <ReplyText parts={parts} />
        </p>
      </div>
    </div>
  );
}
