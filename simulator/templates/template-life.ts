// The states of templates: review, approval, pauses and changes of category, each with its webhook.
import type { Clock } from '../kit/clock.ts';
import type { Template, Templates } from './template-store.ts';

/** Posts a change of a business account to the callback. */
export type Notify = (account: string, field: string, value: Record<string, unknown>) => void;

/** What a person at Meta can do with a template. */
export const templateActions = ['approve', 'reject', 'pause', 'unpause', 'disable', 'reclass', 'quality'] as const;
export type TemplateAction = (typeof templateActions)[number];

export type ActionDetails = {
  reason?: string | undefined;
  category?: string | undefined;
  quality?: string | undefined;
};

export type TemplateLife = {
  /** Does something with a template, and tells the callback. */
  act(template: Template, action: TemplateAction, details?: ActionDetails): Template;
  /** Begins the review of a template. */
  review(template: Template): void;
  /** After how many milliseconds a review approves; null waits for somebody who approves or rejects. */
  approveAfter(ms: number | null): void;
};

const named = ({ id, name, language }: Template) => ({
  message_template_id: Number(id),
  message_template_name: name,
  message_template_language: language,
});

const pauseTitles = ['FIRST_PAUSE', 'SECOND_PAUSE'];

export const createTemplateLife = (templates: Templates, clock: Clock, notify: Notify): TemplateLife => {
  // More than a second: two approvals of one template differ in their time, which Meta gives in seconds.
  let reviewMs: number | null = 1_001;

  const tellStatus = (template: Template, event: string, reason: string, title?: string) =>
    notify(template.account, 'message_template_status_update', {
      event,
      ...named(template),
      reason,
      message_template_category: template.category,
      ...(title === undefined ? {} : { other_info: { title, description: `The simulator says ${title}.` } }),
    });

  const become = (template: Template, change: Partial<Template>): Template => {
    const next = { ...template, ...change };
    templates.put(next);
    return next;
  };

  const pause = (template: Template): Template => {
    const pauses = template.pauses + 1;
    const title = pauseTitles[template.pauses];
    // The third time is the last one.
    const status = title === undefined ? 'DISABLED' : 'PAUSED';
    const next = become(template, { status, pauses });
    tellStatus(next, status, 'NONE', title ?? 'DISABLED');
    return next;
  };

  const reclass = (template: Template, category: string): Template => {
    const next = become(template, { category });
    notify(template.account, 'template_category_update', {
      ...named(next),
      previous_category: template.category,
      new_category: category,
    });
    return next;
  };

  const judge = (template: Template, quality: string): Template => {
    const next = become(template, { quality });
    notify(template.account, 'message_template_quality_update', {
      previous_quality_score: template.quality,
      new_quality_score: quality,
      ...named(next),
    });
    return next;
  };

  const act: TemplateLife['act'] = (template, action, { reason, category, quality } = {}) => {
    switch (action) {
      case 'approve':
      case 'unpause': {
        const next = become(template, { status: 'APPROVED', rejected_reason: 'NONE' });
        tellStatus(next, 'APPROVED', 'NONE', action === 'unpause' ? 'UNPAUSE' : undefined);
        return next;
      }
      case 'reject': {
        const why = reason ?? 'TAG_CONTENT_MISMATCH';
        const next = become(template, { status: 'REJECTED', rejected_reason: why });
        tellStatus(next, 'REJECTED', why);
        return next;
      }
      case 'pause':
        return pause(template);
      case 'disable': {
        const next = become(template, { status: 'DISABLED' });
        tellStatus(next, 'DISABLED', 'NONE', 'DISABLED');
        return next;
      }
      case 'reclass':
        return reclass(template, category ?? 'MARKETING');
      case 'quality':
        return judge(template, quality ?? 'YELLOW');
    }
  };

  return {
    act,
    review: template => {
      if (reviewMs === null) return;
      clock.after(reviewMs, () => {
        const now = templates.byId(template.id);
        if (now?.status === 'PENDING') act(now, 'approve');
      });
    },
    approveAfter: ms => {
      reviewMs = ms;
    },
  };
};
