// How long conversations are snoozed and why they are closed, for one and for many.
import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { Menu, MenuItem, MenuRule } from '../../../components/menu.tsx';
import { useMay } from '../../../data/me.ts';
import { workspaceQuery } from '../../../data/workspace.ts';
import { useFormat } from '../../../kit/format.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import { presets } from '../composer/schedule/moments.ts';

export const SnoozeDialog = lazyPart(() => import('./snooze-dialog.tsx'), 'SnoozeDialog');

interface SnoozeProps {
  onSnooze: (until: string | null) => void;
  /** For another time than those of the menu. */
  onOther: () => void;
}

export function SnoozeItems({ onSnooze, onOther }: SnoozeProps) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  return (
    <>
      {presets(new Date()).map(({ name, at }) => (
        <MenuItem key={name} end={moment(at).words} onSelect={() => onSnooze(at.toISOString())}>
          {t(`composer.schedule.preset.${name}`)}
        </MenuItem>
      ))}
      <MenuItem onSelect={onOther}>{t('inbox.state.otherTime')}</MenuItem>
      <MenuRule />
      <MenuItem onSelect={() => onSnooze(null)}>{t('inbox.state.untilWrite')}</MenuItem>
    </>
  );
}

/** The reasons of the workspace, beside the button that closes without one. */
export function ReasonMenu({ onClose }: { onClose: (reason: string) => void }) {
  const { t } = useTranslation();
  const reasons = useQuery({ ...workspaceQuery, enabled: useMay('workspace.read') }).data?.close_reasons ?? [];
  if (reasons.length === 0) return null;
  return (
    <Menu
      label={t('inbox.state.closeWith')}
      trigger={<IconButton icon={ChevronDown} size="small" label={t('inbox.state.closeWith')} />}
    >
      {reasons.map(reason => (
        <MenuItem key={reason} onSelect={() => onClose(reason)}>
          <bdi>{reason}</bdi>
        </MenuItem>
      ))}
    </Menu>
  );
}
