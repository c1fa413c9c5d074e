// Toasts at the bottom end; F6 reaches them as it reaches the panes.
import * as Radix from '@radix-ui/react-toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { closeToast, useToasts } from '../kit/toasts.ts';
import { IconButton, LinkButton } from './button.tsx';

const staysMs = 6_000;

export function Toasts() {
  const { t } = useTranslation();
  return (
    <Radix.Provider label={t('toast.label')} swipeDirection="right">
      {useToasts().map(({ id, text, tone, action }) => (
        <Radix.Root
          key={id}
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
          <Radix.Description className="flex-1">{text}</Radix.Description>
          {action && (
            <Radix.Action asChild altText={action.label}>
              <LinkButton onClick={action.act}>{action.label}</LinkButton>
            </Radix.Action>
          )}
          <Radix.Close asChild>
            <IconButton icon={X} label={t('action.close')} size="small" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport
        // F6 cycles the panes, and this is one of them.
        hotkey={[]}
        data-pane
        className="fixed end-4 bottom-[calc(16px+var(--tabbar,0px))] z-(--z-toast) grid w-[min(420px,calc(100vw-32px))] gap-2 outline-none"
      />
    </Radix.Provider>
  );
}
