// The step of the first run, as it is in the address.
export type WelcomeStep = 2 | 3 | 4;

export const welcomeSearch = ({ step }: Record<string, unknown>): { step?: WelcomeStep | undefined } => ({
  step: step === 3 || step === 4 ? step : undefined,
});
