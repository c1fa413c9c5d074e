// The reasons that people choose from when they close a conversation.
import type { Workspace } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Area, Field } from '../../components/field.tsx';
import { Card, CardBody, CardHead } from '../../components/surfaces.tsx';
import { useMay } from '../../data/me.ts';
import { updateWorkspace } from '../../data/workspace.ts';
import { useForm } from '../../kit/form.ts';
import { toast } from '../../kit/toasts.ts';
import { useChange } from '../../kit/use-action.ts';
import { SaveFoot } from './save-foot.tsx';

/** One a line. */
const reasonsOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean),
  ),
];

export function CloseReasonsCard({ workspace: { close_reasons: reasons } }: { workspace: Workspace }) {
  const { t } = useTranslation();
  const mayManage = useMay('workspace.manage');
  const update = useChange(updateWorkspace);
  const start = reasons.join('\n');
  const { form, input, values, errors, busy } = useForm({
    start: { reasons: start },
    fields: { close_reasons: 'reasons' },
    async send(given) {
      await update({ close_reasons: reasonsOf(given.reasons) });
      toast(t('workspace.saved'));
    },
  });
  const isSame = reasonsOf(values.reasons).join('\n') === start;
  return (
    <form {...form}>
      <Card>
        <CardHead title={t('workspace.closeReasons')} />
        <CardBody>
          <Field
            label={t('workspace.closeReasonsLabel')}
            hint={t('workspace.closeReasonsHint')}
            error={errors.reasons ?? errors.form}
          >
            <Area readOnly={!mayManage} {...input('reasons')} />
          </Field>
        </CardBody>
        <SaveFoot busy={busy} isSame={isSame} />
      </Card>
    </form>
  );
}
