// The filters in the addresses of the templates.

/** The states that one can filter by. */
export const shownStatuses = ['APPROVED', 'PENDING', 'PAUSED', 'REJECTED'] as const;
export type ShownStatus = (typeof shownStatuses)[number];

export interface TemplatesSearch {
  state?: ShownStatus | undefined;
  /** A part of the name or of the body. */
  text?: string | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);

/** Keeps the filters. */
export const templatesSearch = (given: Record<string, unknown>): TemplatesSearch => ({
  state: shownStatuses.find(state => state === given.state),
  text: text(given.text) ?? (typeof given.text === 'number' ? String(given.text) : undefined),
});

export interface NewTemplateSearch {
  /** The template whose name and parts the new language gets. */
  from?: string | undefined;
}

export const newTemplateSearch = (given: Record<string, unknown>): NewTemplateSearch => ({ from: text(given.from) });
