// The states, categories and qualities of templates, in words.
import type { Template } from '@recado/client';
import { CircleAlert, CircleCheck, CirclePause, Clock, type LucideIcon } from 'lucide-react';
import { useTextOr } from '../kit/text-or.ts';

type Tone = 'success' | 'info' | 'warning' | 'danger' | 'neutral';

interface StateLook {
  tone: Tone;
  icon: LucideIcon;
}

const looks: Record<string, StateLook> = {
  APPROVED: { tone: 'success', icon: CircleCheck },
  PENDING: { tone: 'info', icon: Clock },
  IN_APPEAL: { tone: 'info', icon: Clock },
  PAUSED: { tone: 'warning', icon: CirclePause },
  FLAGGED: { tone: 'warning', icon: CircleAlert },
  REJECTED: { tone: 'danger', icon: CircleAlert },
  DISABLED: { tone: 'danger', icon: CircleAlert },
};
const other: StateLook = { tone: 'neutral', icon: CircleAlert };

/** How a state looks; a state that the app does not know is neutral. */
export const templateLook = (status: string): StateLook => looks[status] ?? other;

export interface TemplateWords {
  status: (status: string) => string;
  category: (category: string) => string;
  /** Undefined where WhatsApp has not rated it. */
  quality: (quality: string | null) => string | undefined;
  /** Why WhatsApp rejected, paused or disabled it; undefined where it gives no reason. */
  reason: (template: Pick<Template, 'reason'>) => string | undefined;
}

/** Words by the codes of WhatsApp; a code that the app does not know is shown as it is. */
export function useTemplateWords(): TemplateWords {
  const { tOr } = useTextOr();
  return {
    status: status => tOr(`templates.status.${status}`, status),
    category: category => tOr(`templates.category.${category}`, category),
    quality: quality =>
      quality === null || quality === 'UNKNOWN' ? undefined : tOr(`templates.quality.${quality}`, quality),
    reason: ({ reason }) =>
      reason === null || reason === 'NONE' ? undefined : tOr(`templates.reason.${reason}`, reason),
  };
}
