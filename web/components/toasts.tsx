// Toasts at the bottom end; F6 reaches them as it reaches the panes.
import * as Radix from '@radix-ui/react-toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { closeToast, type ToastMessage, useToasts } from '../kit/toasts.ts';
import { useErrorText } from '../kit/use-error-text.ts';
import { IconButton, LinkButton } from './button.tsx';

const staysMs = 6_000;

export function Toasts() {
  const { t } = useTranslation();
  return (
    <Radix.Provider label={t('toast.label')} swipeDirection="right">
      {useToasts().map(each => (
        <Toast key={each.id} {...each} />
      ))}
      <Radix.Viewport
        // F6 cycles the panes, and this is one of them.
        hotkey={[]}
        data-pane
        // Above a composer: else it would cover the button that sends.
        className="fixed end-4 bottom-[calc(16px+var(--tabbar,0px))] [body:has([data-composer])_&]:bottom-[calc(136px+var(--tabbar,0px))] z-(--z-toast) grid w-[min(420px,calc(100vw-32px))] gap-2 outline-none"
      />
    </Radix.Provider>
  );
}

function Toast({ id, about, tone, action }: ToastMessage) {
  const { t } = useTranslation();
  const error = useErrorText(typeof about === 'string' ? undefined : about.error);
  const words = typeof about === 'string' ? about : error;
  const isOver = words === undefined;
  useEffect(() => {
    if (isOver) closeToast(id);
  }, [isOver, id]);
  return (
    <Radix.Root
      data-rise
      type={tone === 'danger' ? 'foreground' : 'background'}
      duration={tone === 'danger' ? Number.POSITIVE_INFINITY : staysMs}
      onOpenChange={open => !open && closeToast(id)}
      className="flex items-center gap-2.5 rounded-card bg-raised py-2 ps-3.5 pe-2 shadow-float"
    >
      {tone === 'danger' ? (
        <CircleAlert size={16} strokeWidth={1.75} className="text-danger" aria-hidden="true" />
      ) : (
        <CircleCheck size={16} strokeWidth={1.75} className="text-success" aria-hidden="true" />
      )}
      <Radix.Description className="flex-1">{words}</Radix.Description>
      {action && (
        <Radix.Action asChild altText={action.label}>
          <LinkButton onClick={action.act}>{action.label}</LinkButton>
        </Radix.Action>
      )}
      <Radix.Close asChild>
        <IconButton icon={X} label={t('action.close')} size="small" />
      </Radix.Close>
    </Radix.Root>
  );
}
