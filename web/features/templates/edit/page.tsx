// One template in one language: what WhatsApp says of it, and its parts to change.
import type { TemplateDetails } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { Button } from '../../../components/button.tsx';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { Pill } from '../../../components/marks.tsx';
import { MenuItem } from '../../../components/menu.tsx';
import { Page } from '../../../components/page.tsx';
import { PageOfOne } from '../../../components/page-of-one.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { useMay } from '../../../data/me.ts';
import { deleteTemplate, templateQuery, updateTemplate } from '../../../data/templates.ts';
import { useAction } from '../../../kit/use-action.ts';
import { templateLook, useTemplateWords } from '../../../words/template.ts';
import { componentsOf, draftOf, isEditable } from './draft.ts';
import { Editor } from './editor.tsx';
import { LanguageTabs } from './language-tabs.tsx';
import { checkRules } from './rules.ts';
import { HistoryCard } from './side.tsx';
import { type DraftState, useDraft } from './use-draft.ts';

export function TemplatePage() {
  const { t } = useTranslation();
  const { templateId } = useParams({ from: '/inside/templates/$templateId' });
  const template = useQuery(templateQuery(templateId));
  const back = { to: '/templates', label: t('templates.back') } as const;
  return (
    <PageOfOne query={template} title={t('templates.template')} back={back} failed={t('templates.failedOne')}>
      {/* Another language is another draft; a change of WhatsApp's leaves the draft alone. */}
      {shown => <Shown key={shown.id} template={shown} back={back} />}
    </PageOfOne>
  );
}

/** The states in which WhatsApp takes changes. */
const changeable = new Set(['APPROVED', 'REJECTED', 'PAUSED']);

interface Props {
  template: TemplateDetails;
  back: { to: '/templates'; label: string };
}

function Shown({ template, back }: Props) {
  const { t } = useTranslation();
  const words = useTemplateWords();
  const mayManage = useMay('templates.manage');
  const state = useDraft(draftOf(template));
  const checked = checkRules(state.draft);
  const hasAllParts = isEditable(template);
  const readOnly = !mayManage || !hasAllParts || !changeable.has(template.status) || template.deleted_at !== null;
  const update = useAction({
    ...updateTemplate,
    done: t('templates.sent'),
    quiet: true,
    onDone: () => state.markSaved(),
  });
  const send = () => {
    const { category } = state.draft;
    const changesCategory = category !== template.category;
    update.mutate({
      id: template.id,
      components: componentsOf(state.draft),
      ...(changesCategory && { category }),
    });
  };
  const example = {
    method: 'PATCH',
    path: `/api/v1/templates/${template.id}`,
    body: { components: componentsOf(state.draft) },
    sdk: `await recado.templates.update('${template.id}', {\n  components: ${JSON.stringify(componentsOf(state.draft), null, 2).replaceAll('\n', '\n  ')},\n});`,
  };
  const broken = checked.some(({ holds }) => !holds);
  const impossible = !state.isChanged ? t('templates.unchanged') : broken ? t('templates.broken') : undefined;
  const look = templateLook(template.status);
  const actions = (
    <>
      <Pill tone={look.tone} icon={look.icon}>
        {state.isChanged
          ? t('templates.editedSince', { status: words.status(template.status) })
          : words.status(template.status)}
      </Pill>
      {!readOnly && (
        <Button kind="primary" busy={update.isPending} impossible={impossible} onClick={send}>
          {t('templates.send')}
        </Button>
      )}
      {mayManage && template.deleted_at === null && <Actions template={template} />}
    </>
  );
  return (
    <Page title={template.name} back={back} example={example} actions={actions}>
      <LeaveGuard
        when={state.isChanged && !update.isPending}
        title={t('templates.leaveTitle', { name: template.name })}
        keep={t('templates.leaveKeep')}
        confirm={t('templates.leaveConfirm')}
      >
        {t('templates.leaveWords')}
      </LeaveGuard>
      <LanguageTabs template={template} />
      <StateBanner template={template} hasAllParts={hasAllParts} />
      <Editor
        state={state}
        checked={checked}
        readOnly={readOnly}
        error={update.error}
        head={<Head template={template} state={state} readOnly={readOnly} />}
        beside={<HistoryCard history={template.history} />}
      />
    </Page>
  );
}

/** Why it cannot be sent, or not be changed. */
function StateBanner({ template, hasAllParts }: { template: TemplateDetails; hasAllParts: boolean }) {
  const { t } = useTranslation();
  const words = useTemplateWords();
  const { status } = template;
  const reason = words.reason(template);
  if (status === 'REJECTED' || status === 'DISABLED' || status === 'PAUSED')
    return (
      <Banner tone={status === 'PAUSED' ? 'warning' : 'danger'} title={t(`templates.is.${status}`)}>
        {reason} {t(`templates.todo.${status}`)}
      </Banner>
    );
  if (status === 'PENDING' || status === 'IN_APPEAL')
    return (
      <Banner tone="info" title={t('templates.is.PENDING')}>
        {t('templates.todo.PENDING')}
      </Banner>
    );
  if (!hasAllParts)
    return (
      <Banner tone="info" title={t('templates.forPrograms')}>
        {t('templates.forProgramsWords')}
      </Banner>
    );
  return null;
}

function Head({ template, state, readOnly }: { template: TemplateDetails; state: DraftState; readOnly: boolean }) {
  const { t } = useTranslation();
  const words = useTemplateWords();
  const { draft, set } = state;
  // WhatsApp takes no other category of an approved template, and codes are another kind of template.
  const isFixed = readOnly || template.status === 'APPROVED' || template.category === 'AUTHENTICATION';
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Field label={t('templates.name')} hint={t('templates.nameFixed')}>
        <Input readOnly value={draft.name} className="font-mono leading-6" />
      </Field>
      <Field label={t('templates.categoryOf')} hint={t(`templates.categoryHint.${draft.category}`)}>
        {isFixed ? (
          <Input readOnly value={words.category(draft.category)} />
        ) : (
          <Select
            value={draft.category}
            onChange={({ target }) => set({ category: target.value === 'MARKETING' ? 'MARKETING' : 'UTILITY' })}
          >
            <option value="UTILITY">{words.category('UTILITY')}</option>
            <option value="MARKETING">{words.category('MARKETING')}</option>
          </Select>
        )}
      </Field>
    </div>
  );
}

function Actions({ template }: { template: TemplateDetails }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const remove = useAction({
    ...deleteTemplate,
    done: t('templates.deleted', { name: template.name }),
    onDone: () => void navigate({ to: '/templates', ignoreBlocker: true }),
  });
  return (
    <>
      <RowMenu name={template.name} isLarge>
        <MenuItem icon={Trash2} danger onSelect={() => setAsking(true)}>
          {t('templates.delete')}
        </MenuItem>
      </RowMenu>
      {isAsking && (
        <ConfirmDialog
          title={t('templates.deleteTitle', { name: template.name, language: template.language })}
          keep={t('action.cancel')}
          confirm={t('templates.delete')}
          onConfirm={() => remove.mutate(template.id)}
          onClose={() => setAsking(false)}
          busy={remove.isPending}
        >
          <p>{t('templates.deleteWords')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
