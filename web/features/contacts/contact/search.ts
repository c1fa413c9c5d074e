// The part of a contact's page that is shown, as it is in the address.

export const contactTabs = ['history', 'conversations', 'files'] as const;
export type ContactTab = (typeof contactTabs)[number];

export const contactSearch = ({ tab }: Record<string, unknown>): { tab?: ContactTab | undefined } => ({
  tab: contactTabs.find(each => each === tab),
});
