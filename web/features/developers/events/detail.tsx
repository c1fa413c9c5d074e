// One event: beside the log, or over it where there is no room.
import type { RecadoEvent } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../components/button.tsx';
import { CodeBlock, CopyButton } from '../../../components/code.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Answer, SkeletonLines } from '../../../components/states.tsx';
import { Card, CardBody, CardHead, Facts } from '../../../components/surfaces.tsx';
import { eventQuery } from '../../../data/events.ts';
import { useFormat } from '../../../kit/format.ts';
import { useMediaQuery } from '../../../kit/media-query.ts';
import { useLinks } from './about.tsx';

interface Props {
  id: string;
  /** The event, if the list has it. */
  listed: RecadoEvent | undefined;
  onClose: () => void;
}

export function EventDetail({ id, listed, onClose }: Props) {
  const { t } = useTranslation();
  const hasRoom = useMediaQuery('(min-width: 1024px)');
  const query = useQuery({ ...eventQuery(id), enabled: listed === undefined });
  const shown = { ...query, data: listed ?? query.data };
  const title = shown.data?.type ?? t('developers.events.event');
  const content = (
    <Answer query={shown} failed={t('developers.events.oneFailed')} skeleton={<SkeletonLines />}>
      {event => <Shown event={event} />}
    </Answer>
  );
  if (!hasRoom)
    return (
      <Dialog open wide onClose={onClose} title={title}>
        {content}
      </Dialog>
    );
  return (
    <Card className="sticky top-16 col-span-5 max-h-[calc(100dvh-5rem)] overflow-y-auto">
      <CardHead title={title}>
        <IconButton icon={X} size="small" label={t('action.close')} onClick={onClose} />
      </CardHead>
      <CardBody>{content}</CardBody>
    </Card>
  );
}

function Shown({ event }: { event: RecadoEvent }) {
  const { t } = useTranslation();
  const { exact, precise } = useFormat();
  return (
    <div className="grid gap-4 text-text">
      <Facts
        facts={[
          [
            t('developers.events.id'),
            <span key="id" className="flex items-center gap-1">
              <code dir="ltr">{event.id}</code>
              <CopyButton text={event.id} label={t('developers.events.copyId')} />
            </span>,
          ],
          [
            t('developers.events.at'),
            <bdi key="at" dir="ltr" className="num" title={exact(event.timestamp)}>
              {precise(event.timestamp)}
            </bdi>,
          ],
          ...useLinks(event),
        ]}
      />
      <CodeBlock
        tabs={{
          [t('developers.events.body')]: JSON.stringify(event, undefined, 2),
          curl: `curl "${location.origin}/api/v1/events/${event.id}" \\\n  -H "Authorization: Bearer $KEY"`,
        }}
      />
    </div>
  );
}
