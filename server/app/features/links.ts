import { deleteOldKeys, linkErrors, linkHooks, linkRoutes, tellLapsedLinks } from '../../features/links/index.ts';
import { every, type Feature, hour } from '../feature.ts';

export const links: Feature = {
  errors: { section: 'Links', table: linkErrors },
  hooks: linkHooks,
  routes(server, { process: { context, channels } }) {
    linkRoutes(server, { db: context.db, absence: () => channels.absenceOf('web') });
  },
  sweeps: process => [
    every(5_000, process, () => tellLapsedLinks(process.context.engineDb)),
    every(hour, process, () => deleteOldKeys(process.context.engineDb)),
  ],
};
