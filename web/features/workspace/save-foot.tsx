// The foot of a card with settings of the workspace: the button that saves, or who may change them.
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { LeaveGuard } from '../../components/leave-guard.tsx';
import { CardFoot } from '../../components/surfaces.tsx';
import { useMay } from '../../data/me.ts';

export function SaveFoot({ busy, isSame }: { busy: boolean; isSame: boolean }) {
  const { t } = useTranslation();
  const mayManage = useMay('workspace.manage');
  return (
    <CardFoot>
      <LeaveGuard when={!isSame && !busy} />
      {mayManage ? (
        <Button
          kind="primary"
          type="submit"
          busy={busy}
          className="ms-auto"
          impossible={isSame ? t('limits.unchanged') : undefined}
        >
          {t('action.save')}
        </Button>
      ) : (
        <span className="text-13 text-muted">{t('workspace.onlyOwners')}</span>
      )}
    </CardFoot>
  );
}
