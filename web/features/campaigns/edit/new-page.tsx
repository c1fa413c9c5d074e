// A new campaign begins with its name; then it is a draft that saves itself.
import type { Campaign } from '@recado/client';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { Page } from '../../../components/page.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { createCampaign } from '../../../data/campaigns.ts';
import { useMay } from '../../../data/me.ts';
import { useForm } from '../../../kit/form.ts';
import { useChange } from '../../../kit/use-action.ts';

export function NewCampaignPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const accounts = useAccounts(useMay('accounts.read'));
  const create = useChange(createCampaign);
  const [only] = accounts;
  const { form, input, errors, busy } = useForm({
    start: { name: '' },
    check: ({ name }) => (name.trim() === '' ? { name: t('form.missing') } : {}),
    async send({ name }) {
      // One account needs no choice.
      const from = accounts.length === 1 && only ? { account_ids: [only.id] } : {};
      const { id }: Campaign = await create({ name: name.trim(), ...from });
      await navigate({ to: '/campaigns/$campaignId/edit', params: { campaignId: id }, replace: true });
    },
  });
  const example = {
    method: 'POST',
    path: '/api/v1/campaigns',
    body: { name: 'Book fair weekend' },
    sdk: "const { id } = await recado.campaigns.create({ name: 'Book fair weekend' });",
  };
  return (
    <Page title={t('campaigns.new')} back={{ to: '/campaigns', label: t('campaigns.back') }} example={example}>
      <Card className="max-w-160">
        <CardHead title={t('campaigns.newTitle')} />
        <CardBody>
          <form {...form} className="grid gap-4">
            <Field label={t('campaigns.name')} hint={t('campaigns.nameHint')} error={errors.name ?? errors.form}>
              <Input autoFocus maxLength={100} {...input('name')} />
            </Field>
            <div>
              <Button kind="primary" type="submit" busy={busy}>
                {t('campaigns.continue')}
              </Button>
            </div>
          </form>
        </CardBody>
      </Card>
    </Page>
  );
}
