// Segments and lists whose people do not belong to it.
import type { Segment, SegmentCount } from '@recado/client';
import { mostLeftOut } from '@recado/contract';
import { List, Lock, Plus, Users, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../../components/button.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';

interface Props {
  ids: readonly string[];
  segments: readonly Segment[];
  /** The segment itself. */
  own: string | undefined;
  count: SegmentCount | undefined;
  onChange: (ids: readonly string[]) => void;
}

export function LeaveOutCard({ ids, segments, own, count, onChange }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const others = segments.filter(
    ({ id, filter }) => id !== own && !ids.includes(id) && (filter?.leave_out ?? []).length === 0,
  );
  const fitsOf = (id: string) => count?.left_out.find(each => each.segment_id === id)?.fits;
  return (
    <Card>
      <CardHead title={t('segments.leaveOut')}>
        {ids.length < mostLeftOut && (
          <Menu
            label={t('segments.addLeftOut')}
            trigger={
              <Button
                kind="line"
                size="small"
                icon={Plus}
                impossible={others.length === 0 ? t('segments.noLeftOut') : undefined}
              >
                {t('segments.addLeftOut')}
              </Button>
            }
          >
            {others.map(({ id, name, kind }) => (
              <MenuItem key={id} icon={kind === 'list' ? List : Users} onSelect={() => onChange([...ids, id])}>
                <bdi>{name}</bdi>
              </MenuItem>
            ))}
          </Menu>
        )}
      </CardHead>
      <CardBody className="py-0! pb-3!">
        <ul>
          {ids.map(id => {
            const segment = segments.find(each => each.id === id);
            const fits = fitsOf(id);
            const name = segment?.name ?? '';
            return (
              <Row key={id} icon={segment?.kind === 'list' ? List : Users} title={<bdi>{name}</bdi>}>
                <span className="min-w-0 flex-1">
                  {fits == null
                    ? t(segment?.kind === 'list' ? 'segments.list' : 'segments.segment')
                    : t(segment?.kind === 'list' ? 'segments.listFits' : 'segments.segmentFits', {
                        count: fits,
                      })}
                </span>
                {fits != null && <span className="num">{fits === 0 ? number(0) : `−${number(fits)}`}</span>}
                <IconButton
                  icon={X}
                  size="small"
                  label={t('segments.removeLeftOut', { name })}
                  onClick={() => onChange(ids.filter(each => each !== id))}
                />
              </Row>
            );
          })}
          <Row icon={Lock} title={t('segments.always')}>
            <span>{t('segments.alwaysWords')}</span>
          </Row>
        </ul>
      </CardBody>
    </Card>
  );
}

function Row({ icon: Icon, title, children }: { icon: typeof Lock; title: ReactNode; children: ReactNode }) {
  return (
    <li className="flex gap-2 border-b border-border py-2.5 last:border-0">
      <Icon size={16} strokeWidth={1.75} className="mt-0.5 flex-none text-muted" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <div className="font-medium">{title}</div>
        <div className="flex items-center gap-2 text-13 text-muted">{children}</div>
      </div>
    </li>
  );
}
