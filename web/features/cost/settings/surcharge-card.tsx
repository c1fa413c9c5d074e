// What a provider adds to the rates, and the own cap of each account.
import type { CostSettings } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Affix, Field, Input } from '../../../components/field.tsx';
import { LeaveGuard } from '../../../components/leave-guard.tsx';
import { Card, CardBody, CardFoot, CardHead, Table } from '../../../components/surfaces.tsx';
import { useAccounts } from '../../../data/accounts.ts';
import { updateCostSettings } from '../../../data/cost.ts';
import { useMay } from '../../../data/me.ts';
import { useForm } from '../../../kit/form.ts';
import { toast } from '../../../kit/toasts.ts';
import { useChange } from '../../../kit/use-action.ts';

const fields = ['surcharge_percent', 'surcharge_fixed', 'cap'] as const;
type Name = (typeof fields)[number];
type Row = CostSettings['accounts'][number];

const startOf = (rows: readonly Row[]) =>
  Object.fromEntries(rows.flatMap((row, place) => fields.map(name => [`${name} ${place}`, row[name] ?? ''])));

export function SurchargeCard({ settings, mayManage }: { settings: CostSettings; mayManage: boolean }) {
  const { t } = useTranslation();
  const accounts = useAccounts(useMay('accounts.read'));
  const update = useChange(updateCostSettings);
  const rows = settings.accounts;
  const start = startOf(rows);
  const paths = rows.flatMap((_, place) =>
    fields.map(name => [`accounts[${place}].${name}`, `${name} ${place}`] as const),
  );
  const typedIn = (given: Record<string, string>, name: Name, place: number) =>
    (given[`${name} ${place}`] ?? '').trim();
  const { form, input, errors, busy, values } = useForm<Record<string, string>>({
    start,
    fields: Object.fromEntries(paths),
    async send(given) {
      await update({
        accounts: rows.map((row, place) => ({
          account_id: row.account_id,
          surcharge_percent: typedIn(given, 'surcharge_percent', place) || '0',
          surcharge_fixed: typedIn(given, 'surcharge_fixed', place) || '0',
          cap: typedIn(given, 'cap', place) || null,
        })),
      });
      toast(t('cost.saved'));
    },
  });
  const changed = Object.keys(start).some(name => (values[name] ?? '').trim() !== start[name]);
  const nameOf = (id: string) => accounts.find(account => account.id === id)?.name ?? t('cost.account');
  const units: Record<Name, string> = {
    surcharge_percent: '%',
    surcharge_fixed: settings.currency ?? '',
    cap: settings.currency ?? '',
  };
  return (
    <Card className="lg:col-span-6">
      <LeaveGuard when={changed && !busy} />
      <CardHead title={t('cost.surcharge')} />
      {rows.length === 0 ? (
        <CardBody>
          <p className="text-13 text-muted">{t('cost.noBilledAccount')}</p>
        </CardBody>
      ) : (
        <form {...form}>
          <Table label={t('cost.surcharge')} bare short>
            <thead>
              <tr>
                <th scope="col">{t('cost.account')}</th>
                {fields.map(name => (
                  <th key={name} scope="col" className="end">
                    {t(`cost.column.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, place) => (
                <tr key={row.account_id}>
                  <td className="wide font-medium">
                    <bdi>{nameOf(row.account_id)}</bdi>
                  </td>
                  {fields.map(name => (
                    <td
                      key={name}
                      className="end max-md:flex max-md:items-center max-md:gap-2"
                      data-label={t(`cost.column.${name}`)}
                    >
                      <Field
                        label={`${nameOf(row.account_id)}, ${t(`cost.column.${name}`)}`}
                        isLabelHidden
                        error={errors[`${name} ${place}`]}
                        className="ms-auto w-25"
                      >
                        <Affix after={units[name]}>
                          <Input
                            inputMode="decimal"
                            placeholder={name === 'cap' ? t('cost.none') : undefined}
                            readOnly={!mayManage}
                            {...input(`${name} ${place}`)}
                          />
                        </Affix>
                      </Field>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </Table>
          {mayManage && (
            <CardFoot>
              <span
                role={errors.form ? 'alert' : undefined}
                className={`flex-1 text-13 ${errors.form ? 'text-danger' : 'text-muted'}`}
              >
                {errors.form ?? t(changed ? 'limits.changed' : 'limits.unchanged')}
              </span>
              <Button kind="line" type="submit" busy={busy} impossible={changed ? undefined : t('limits.unchanged')}>
                {t('action.save')}
              </Button>
            </CardFoot>
          )}
        </form>
      )}
    </Card>
  );
}
