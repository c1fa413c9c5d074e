import { Recado } from '@recado/client';

export const recado = new Recado({
  url: location.origin,
  csrfToken: () => localStorage.getItem('recado.csrf') ?? undefined,
});
