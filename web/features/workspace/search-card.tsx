// Whether the texts of messages are indexed, and what it costs.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Switch } from '../../components/field.tsx';
import { Card, CardBody, CardHead, Setting } from '../../components/surfaces.tsx';
import { useMay } from '../../data/me.ts';
import { changeSearchSetting, searchSettingQuery } from '../../data/search.ts';
import { useAction } from '../../kit/use-action.ts';

export function SearchCard() {
  const { t } = useTranslation();
  const setting = useQuery(searchSettingQuery).data;
  const mayManage = useMay('workspace.manage');
  const change = useAction(changeSearchSetting);
  if (!setting) return null;
  return (
    <Card>
      <CardHead title={t('workspace.search.title')} />
      <CardBody>
        <Setting
          title={t('workspace.search.texts')}
          hint={t(setting.enabled && !setting.ready ? 'workspace.search.running' : 'workspace.search.words')}
        >
          <Switch
            hidden
            label={t('workspace.search.texts')}
            checked={setting.enabled}
            disabled={!mayManage || change.isPending}
            onChange={({ target }) => change.mutate(target.checked)}
          />
        </Setting>
      </CardBody>
    </Card>
  );
}
