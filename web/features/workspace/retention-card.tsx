// How long messages and files are kept, and how many another time would delete before somebody sets it.
import type { RetentionPreview, Workspace } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import {
  ArrowLeftRight,
  Ban,
  FileUp,
  type LucideIcon,
  MessageSquare,
  ScrollText,
  Send,
  Shield,
  TriangleAlert,
  Webhook,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Affix, Field, Input } from '../../components/field.tsx';
import { LeaveGuard } from '../../components/leave-guard.tsx';
import { Card, CardFoot, CardHead, Table } from '../../components/surfaces.tsx';
import { useMay } from '../../data/me.ts';
import { retentionQuery, updateWorkspace } from '../../data/workspace.ts';
import { useBytes } from '../../kit/bytes.ts';
import { useForm } from '../../kit/form.ts';
import { useFormat } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.ts';
import { useChange } from '../../kit/use-action.ts';
import { useSettled } from '../../kit/use-settled.ts';

type Retention = Workspace['retention'];

const mostDays = 36_500;
const isDays = (text: string) =>
  text === '' || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= mostDays);
const daysOf = (text: string): number | null => (text === '' ? null : Number(text));
const textOf = (days: number | null) => (days === null ? '' : String(days));

/** What Recado keeps for a time that nobody sets; null for ever. */
const fixed: readonly (readonly [
  'events' | 'requests' | 'deliveries' | 'raw' | 'audit' | 'optOuts',
  LucideIcon,
  number | null,
])[] = [
  ['events', ScrollText, 30],
  ['requests', ArrowLeftRight, 7],
  ['deliveries', Send, 30],
  ['raw', Webhook, 8],
  ['audit', Shield, null],
  ['optOuts', Ban, null],
];

export function RetentionCard({ retention }: { retention: Retention }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const mayManage = useMay('workspace.manage');
  const update = useChange(updateWorkspace);
  const start = { messages: textOf(retention.messages_days), media: textOf(retention.media_days) };
  const wrong = t('workspace.daysWrong', { most: number(mostDays) });
  const { form, input, values, setAll, errors, busy } = useForm({
    start,
    fields: { 'retention.messages_days': 'messages', 'retention.media_days': 'media' },
    check: given => ({
      ...(!isDays(given.messages.trim()) && { messages: wrong }),
      ...(!isDays(given.media.trim()) && { media: wrong }),
    }),
    async send(given) {
      await update({
        retention: { messages_days: daysOf(given.messages.trim()), media_days: daysOf(given.media.trim()) },
      });
      toast(t('workspace.saved'));
    },
  });
  const typed = { messages: values.messages.trim(), media: values.media.trim() };
  const settled = useSettled(`${typed.messages} ${typed.media}`);
  const [messages = '', media = ''] = settled.split(' ');
  const isValid = isDays(messages) && isDays(media);
  const { data: preview, isError } = useQuery({
    ...retentionQuery(isValid ? daysOf(messages) : null, isValid ? daysOf(media) : null),
    enabled: mayManage && isValid,
  });
  const changed = typed.messages !== start.messages || typed.media !== start.media;
  // Nobody saves before they have seen what it deletes, unless it cannot be counted.
  const isCounted = isError || (preview !== undefined && settled === `${typed.messages} ${typed.media}`);
  const impossible = !changed ? t('limits.unchanged') : isValid && !isCounted ? t('workspace.counting') : undefined;
  const days = (name: 'messages' | 'media') => (
    <Field label={t(`workspace.kept.${name}`)} isLabelHidden error={errors[name]} className="w-36">
      <Affix after={t('workspace.days')}>
        <Input inputMode="numeric" placeholder={t('workspace.forEver')} readOnly={!mayManage} {...input(name)} />
      </Affix>
    </Field>
  );
  return (
    <form {...form}>
      <LeaveGuard when={changed && !busy} />
      <Card>
        <CardHead title={t('workspace.keptTitle')}>
          <span className="text-13 text-muted max-md:basis-full">{t('workspace.keptWhen')}</span>
        </CardHead>
        <Table label={t('workspace.keptTitle')} bare>
          <thead>
            <tr>
              <th scope="col">{t('workspace.what')}</th>
              <th scope="col">{t('workspace.keptFor')}</th>
              <th scope="col">{t('workspace.wouldDelete')}</th>
            </tr>
          </thead>
          <tbody>
            <Kept icon={MessageSquare} name={t('workspace.kept.messages')} days={days('messages')}>
              {preview && <Would counted={preview.messages} />}
            </Kept>
            <Kept icon={FileUp} name={t('workspace.kept.media')} days={days('media')}>
              {preview && <Would counted={preview.media} />}
            </Kept>
            {fixed.map(([name, icon, time]) => (
              <Kept
                key={name}
                icon={icon}
                name={t(`workspace.kept.${name}`)}
                days={
                  <span className="text-muted">
                    {time === null ? t('workspace.forEver') : t('workspace.dayCount', { shown: number(time) })}
                  </span>
                }
              >
                <span className="text-muted">{t(time === null ? 'workspace.never' : 'workspace.byItself')}</span>
              </Kept>
            ))}
          </tbody>
        </Table>
        {mayManage && (
          <CardFoot>
            <Consequence
              changed={changed}
              preview={isCounted ? preview : undefined}
              error={errors.form ?? (isError && changed ? t('workspace.notCounted') : undefined)}
            />
            <Button impossible={changed ? undefined : t('limits.unchanged')} onClick={() => setAll(start)}>
              {t('workspace.leaveIt')}
            </Button>
            <Button kind="primary" type="submit" busy={busy} impossible={impossible}>
              {t('action.save')}
            </Button>
          </CardFoot>
        )}
      </Card>
    </form>
  );
}

interface KeptProps {
  icon: LucideIcon;
  name: string;
  days: ReactNode;
  children: ReactNode;
}

const Kept = ({ icon: Icon, name, days, children }: KeptProps) => (
  <tr>
    <td className="wide small-full">
      <span className="flex items-center gap-2.5">
        <Icon size={16} strokeWidth={1.75} className="flex-none text-muted" aria-hidden="true" />
        <span className="font-medium">{name}</span>
      </span>
    </td>
    <td className="small-full">{days}</td>
    <td className="small-full">{children}</td>
  </tr>
);

/** How many, how large, and from when the oldest is. */
function Would({ counted }: { counted: RetentionPreview['messages'] & { bytes?: number | null } }) {
  const { t } = useTranslation();
  const { day } = useFormat();
  const bytes = useBytes();
  const count = useCounted();
  if (counted.count === 0) return <span className="text-muted">{t('workspace.nothing')}</span>;
  return (
    <>
      <b className="num">{count(counted.count)}</b>
      {counted.bytes ? `, ${bytes(counted.bytes)}` : ''}{' '}
      {counted.oldest && <span className="text-muted">{t('workspace.oldest', { day: day(counted.oldest) })}</span>}
    </>
  );
}

/** The API counts no further. */
const mostCounted = 10_000;

function useCounted(): (count: number | null) => string {
  const { t } = useTranslation();
  const { number } = useFormat();
  return count => (count === null ? t('workspace.moreThan', { shown: number(mostCounted) }) : number(count));
}

interface ConsequenceProps {
  changed: boolean;
  preview: RetentionPreview | undefined;
  error: string | undefined;
}

function Consequence({ changed, preview, error }: ConsequenceProps) {
  const { t } = useTranslation();
  const count = useCounted();
  if (error) return <ErrorLine>{error}</ErrorLine>;
  const isDeleting = changed && preview && (preview.messages.count !== 0 || preview.media.count !== 0);
  if (!isDeleting)
    return <span className="flex-1 text-13 text-muted">{t(changed ? 'limits.changed' : 'limits.unchanged')}</span>;
  return (
    <span role="status" className="flex flex-[1_1_20rem] gap-2 text-13">
      <TriangleAlert size={16} strokeWidth={1.75} className="mt-0.5 flex-none text-warning" aria-hidden="true" />
      <span>
        <b>
          {t('workspace.willDelete', { messages: count(preview.messages.count), files: count(preview.media.count) })}
        </b>{' '}
        {t('workspace.noUndo')}
      </span>
    </span>
  );
}

const ErrorLine = ({ children }: { children: ReactNode }) => (
  <span role="alert" className="flex-1 text-13 text-danger">
    {children}
  </span>
);
