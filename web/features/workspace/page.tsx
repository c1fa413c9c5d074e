// Settings, workspace: its name, what is kept for how long, and whether mail works.
import type { Workspace } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../components/code.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Answer, SkeletonCard } from '../../components/states.tsx';
import { Card, CardBody, CardHead, Facts } from '../../components/surfaces.tsx';
import { useMay } from '../../data/me.ts';
import { updateWorkspace, workspaceQuery } from '../../data/workspace.ts';
import { useForm } from '../../kit/form.ts';
import { useFormat } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.ts';
import { useChange } from '../../kit/use-action.ts';
import { SettingsTabs } from '../settings-tabs.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { AutoCloseCard } from './auto-close-card.tsx';
import { CloseReasonsCard } from './close-reasons-card.tsx';
import { MailCard } from './mail-card.tsx';
import { RetentionCard } from './retention-card.tsx';
import { SaveFoot } from './save-foot.tsx';
import { SearchCard } from './search-card.tsx';

export function WorkspacePage() {
  const { t } = useTranslation();
  const query = useQuery(workspaceQuery);
  return (
    <Page
      title={t('settings.title')}
      example={{
        method: 'PATCH',
        path: '/api/v1/workspace',
        body: { retention: { messages_days: 365, media_days: 90 } },
        sdk: 'console.log(await recado.workspace.previewRetention({ messages_days: 365 }));\nawait recado.workspace.update({ retention: { messages_days: 365 } });',
        personOnly: true,
      }}
    >
      <SettingsTabs />
      <Answer query={query} failed={t('workspace.failed')} skeleton={<SkeletonCard className="h-64" />}>
        {workspace => (
          <>
            <div className="grid items-start gap-4 md:gap-6 lg:grid-cols-2">
              <NameCard key={workspace.name} workspace={workspace} />
              <MailCard />
              <AutoCloseCard key={workspace.auto_close_days} workspace={workspace} />
              <CloseReasonsCard key={workspace.close_reasons.join()} workspace={workspace} />
              <SearchCard />
              <ApprovalCard />
            </div>
            <RetentionCard key={JSON.stringify(workspace.retention)} retention={workspace.retention} />
          </>
        )}
      </Answer>
    </Page>
  );
}

function NameCard({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation();
  const { day, exact } = useFormat();
  const mayManage = useMay('workspace.manage');
  const update = useChange(updateWorkspace);
  const { form, input, values, errors, busy } = useForm({
    start: { name: workspace.name },
    check: ({ name }) => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send({ name }) {
      await update({ name: name.trim() });
      toast(t('workspace.saved'));
    },
  });
  const changed = values.name.trim() !== workspace.name;
  return (
    <form {...form}>
      <Card>
        <CardHead title={workspace.name} />
        <CardBody className="grid gap-4">
          <Field label={t('form.name')} hint={t('workspace.nameHint')} error={errors.name ?? errors.form}>
            <Input autoComplete="off" readOnly={!mayManage} {...input('name')} />
          </Field>
          <Facts
            facts={[
              [
                t('workspace.id'),
                <span key="id" className="flex items-center gap-1">
                  <code dir="ltr" className="wrap-anywhere">
                    {workspace.id}
                  </code>
                  <CopyButton text={workspace.id} />
                </span>,
              ],
              [
                t('workspaces.created'),
                <span key="created" title={exact(workspace.created_at)}>
                  {day(workspace.created_at)}
                </span>,
              ],
            ]}
          />
        </CardBody>
        <SaveFoot busy={busy} isSame={!changed} />
      </Card>
    </form>
  );
}
