// The caps: how far the month is, and what the most is that it may cost.
import type { Cost, CostSettings } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Affix, Field, Input } from '../../../components/field.tsx';
import { Gauge } from '../../../components/gauge.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { Card, CardBody, CardFoot, CardHead, Setting } from '../../../components/surfaces.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { updateCostSettings } from '../../../data/cost.ts';
import { useMay } from '../../../data/me.ts';
import { useForm } from '../../../kit/form.ts';
import { useFormat } from '../../../kit/format.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

const names = ['cap', 'account_cap', 'campaign_cap'] as const;

interface Props {
  settings: CostSettings;
  month: Cost | undefined;
  mayManage: boolean;
}

export function CapsCard({ settings, month, mayManage }: Props) {
  const { t } = useTranslation();
  const { money } = useFormat();
  const accounts = useAccounts(useMay('accounts.read'));
  const update = useChange(updateCostSettings);
  const currency = settings.currency ?? '';
  const start = Object.fromEntries(names.map(name => [name, settings[name] ?? ''])) as Record<
    (typeof names)[number],
    string
  >;
  const { form, input, errors, busy, values } = useForm({
    start,
    async send(given) {
      await update(
        Object.fromEntries(names.map(name => [name, given[name].trim() === '' ? null : given[name].trim()])),
      );
      toast(t('cost.saved'));
    },
  });
  const changed = names.some(name => values[name].trim() !== start[name]);
  const own = settings.accounts.filter(({ cap }) => cap !== null).length;
  const hints = {
    cap: t('cost.capHint'),
    account_cap: t('cost.accountCapHint', { own, count: settings.accounts.length }),
    campaign_cap: t('cost.campaignCapHint'),
  };
  return (
    <Card className="lg:col-span-6">
      <CardHead title={t('cost.caps')}>
        <span className="text-13 text-muted max-md:basis-full">{t('cost.neverStop')}</span>
      </CardHead>
      <form {...form}>
        <LeaveGuard when={changed && !busy} />
        <CardBody>
          {month && month.caps.length > 0 && (
            <div className="grid gap-4 border-b border-border pb-4">
              {month.caps.map(({ account_id: id, amount, spent }) => (
                <Gauge
                  key={id ?? 'workspace'}
                  label={
                    id === null
                      ? t('cost.ofWorkspace')
                      : (accounts.find(account => account.id === id)?.name ?? t('cost.account'))
                  }
                  used={Number(spent)}
                  limit={Number(amount)}
                  words={t('gauge.of', { used: money(spent, currency), limit: money(amount, currency) })}
                />
              ))}
            </div>
          )}
          {names.map(name => (
            <Setting key={name} title={t(`cost.${name}`)} hint={hints[name]}>
              <Field label={t(`cost.${name}`)} isLabelHidden error={errors[name]} className="w-36">
                <Affix after={currency}>
                  <Input
                    inputMode="decimal"
                    placeholder={t('cost.none')}
                    readOnly={!mayManage}
                    disabled={settings.currency === null}
                    {...input(name)}
                  />
                </Affix>
              </Field>
            </Setting>
          ))}
          {settings.currency === null && <p className="pt-3 text-13 text-muted">{t('cost.cardFirst')}</p>}
        </CardBody>
        {mayManage && settings.currency !== null && (
          <CardFoot>
            <span
              role={errors.form ? 'alert' : undefined}
              className={`flex-1 text-13 ${errors.form ? 'text-danger' : 'text-muted'}`}
            >
              {errors.form ?? t(changed ? 'limits.changed' : 'limits.unchanged')}
            </span>
            <Button kind="primary" type="submit" busy={busy} impossible={changed ? undefined : t('limits.unchanged')}>
              {t('action.save')}
            </Button>
          </CardFoot>
        )}
      </form>
    </Card>
  );
}
