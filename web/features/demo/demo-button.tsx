// Fills the workspace with demo data, and leads to the inbox.

import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, type ButtonKind } from '../../components/button.tsx';
import { createDemo, demoQuery } from '../../data/demo.ts';
import { useMay, useMe } from '../../data/me.ts';
import { endWelcome } from '../../data/welcome.ts';
import { useAction } from '../../kit/use-action.ts';

/** Not offered where there is demo data already, or to who may not make it. */
export function DemoButton({ kind = 'quiet' }: { kind?: ButtonKind }) {
  const { t } = useTranslation();
  const { workspace } = useMe();
  const navigate = useNavigate();
  const may = useMay('accounts.manage');
  const demo = useQuery({ ...demoQuery, enabled: may });
  const fill = useAction({
    ...createDemo,
    done: t('firstRun.demo.filling'),
    onDone: () => {
      endWelcome(workspace.id);
      void navigate({ to: '/inbox' });
    },
  });
  if (!may || demo.data?.account_id !== null) return null;
  return (
    <Button kind={kind} icon={Sparkles} busy={fill.isPending} onClick={() => fill.mutate()}>
      {t('firstRun.demo.fill')}
    </Button>
  );
}
