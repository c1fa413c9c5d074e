// After how many days without a message a conversation closes by itself.
import type { Workspace } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Affix, Field, Input } from '../../components/field.tsx';
import { Card, CardBody, CardHead } from '../../components/surfaces.tsx';
import { useMay } from '../../data/me.ts';
import { updateWorkspace } from '../../data/workspace.ts';
import { useForm } from '../../kit/form.ts';
import { useFormat } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.ts';
import { useChange } from '../../kit/use-action.ts';
import { SaveFoot } from './save-foot.tsx';

const mostDays = 365;
const isDays = (text: string) =>
  text === '' || (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= mostDays);

export function AutoCloseCard({ workspace: { auto_close_days: days } }: { workspace: Workspace }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mayManage = useMay('workspace.manage');
  const update = useChange(updateWorkspace);
  const start = days === null ? '' : String(days);
  const { form, input, values, errors, busy } = useForm({
    start: { days: start },
    fields: { auto_close_days: 'days' },
    check: given => (isDays(given.days.trim()) ? {} : { days: t('workspace.daysWrong', { most: number(mostDays) }) }),
    async send(given) {
      const text = given.days.trim();
      await update({ auto_close_days: text === '' ? null : Number(text) });
      toast(t('workspace.saved'));
    },
  });
  return (
    <form {...form}>
      <Card>
        <CardHead title={t('workspace.autoClose')} />
        <CardBody>
          <Field
            label={t('workspace.autoCloseAfter')}
            hint={t('workspace.autoCloseHint')}
            error={errors.days ?? errors.form}
          >
            <Affix after={t('workspace.days')}>
              <Input
                inputMode="numeric"
                placeholder={t('workspace.autoCloseNever')}
                readOnly={!mayManage}
                {...input('days')}
              />
            </Affix>
          </Field>
        </CardBody>
        <SaveFoot busy={busy} isSame={values.days.trim() === start} />
      </Card>
    </form>
  );
}
