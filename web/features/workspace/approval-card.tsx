// Above how many people a second person must approve a campaign.
import type { CampaignRules } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Affix, Field, Input } from '../../components/field.tsx';
import { Answer, SkeletonCard } from '../../components/states.tsx';
import { Card, CardBody, CardHead } from '../../components/surfaces.tsx';
import { campaignRulesQuery, updateCampaignRules } from '../../data/campaigns.ts';
import { useMay } from '../../data/me.ts';
import { useForm } from '../../kit/form.ts';
import { useFormat } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.ts';
import { useChange } from '../../kit/use-action.ts';
import { SaveFoot } from './save-foot.tsx';

const most = 1_000_000;
const isLimit = (text: string) => text === '' || (/^\d{1,7}$/.test(text) && Number(text) <= most);

export function ApprovalCard() {
  const { t } = useTranslation();
  const may = useMay('campaigns.read');
  const query = useQuery({ ...campaignRulesQuery, enabled: may });
  if (!may) return null;
  return (
    <Answer query={query} failed={t('workspace.approvalFailed')} skeleton={<SkeletonCard className="h-44" />}>
      {rules => <ApprovalForm key={rules.approval_above} rules={rules} />}
    </Answer>
  );
}

function ApprovalForm({ rules: { approval_above: above } }: { rules: CampaignRules }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mayManage = useMay('workspace.manage');
  const update = useChange(updateCampaignRules);
  const start = above === null ? '' : String(above);
  const { form, input, values, errors, busy } = useForm({
    start: { above: start },
    fields: { approval_above: 'above' },
    check: given =>
      isLimit(given.above.trim()) ? {} : { above: t('workspace.approvalWrong', { most: number(most) }) },
    async send(given) {
      const text = given.above.trim();
      await update({ approval_above: text === '' ? null : Number(text) });
      toast(t('workspace.saved'));
    },
  });
  return (
    <form {...form}>
      <Card>
        <CardHead title={t('workspace.approval')} />
        <CardBody>
          <Field
            label={t('workspace.approvalAbove')}
            hint={t('workspace.approvalHint')}
            error={errors.above ?? errors.form}
          >
            <Affix after={t('workspace.approvalPeople')}>
              <Input
                inputMode="numeric"
                placeholder={t('workspace.approvalNever')}
                readOnly={!mayManage}
                {...input('above')}
              />
            </Affix>
          </Field>
        </CardBody>
        <SaveFoot busy={busy} isSame={values.above.trim() === start} />
      </Card>
    </form>
  );
}
