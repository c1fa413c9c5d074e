// Says that words in messages are not searched, or not in all of them yet, and who can change it.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../../components/banner.tsx';
import { LinkButton } from '../../../components/button.tsx';
import { useMay } from '../../../data/me.ts';
import { changeSearchSetting, searchSettingQuery } from '../../../data/search.ts';
import { useAction } from '../../../kit/use-action.ts';

export function TextsNotice() {
  const { t } = useTranslation();
  const setting = useQuery(searchSettingQuery).data;
  const mayManage = useMay('workspace.manage');
  const turnOn = useAction(changeSearchSetting);
  if (!setting || setting.ready) return null;
  if (setting.enabled) return <Banner tone="info" flat title={t('inbox.find.filling')} />;
  return (
    <Banner
      tone="info"
      flat
      title={t('inbox.find.off')}
      action={
        mayManage && (
          <LinkButton disabled={turnOn.isPending} onClick={() => turnOn.mutate(true)}>
            {t('inbox.find.turnOn')}
          </LinkButton>
        )
      }
    >
      {!mayManage && t('inbox.find.whoCan')}
    </Banner>
  );
}
