// The flows of the simulated businesses: one from the start, and the flows that a person adds.

export type Flow = { id: string; name: string };

export type Flows = {
  list(): readonly Flow[];
  add(flow: Flow): void;
  /** Whether a message may name a flow so. */
  has(named: { flow_id?: string | undefined; flow_name?: string | undefined }): boolean;
};

/** Flows are kept in memory only. */
export const createFlows = (): Flows => {
  const flows = new Map([['123', { id: '123', name: 'booking' }]]);
  return {
    list: () => [...flows.values()],
    add: flow => void flows.set(flow.id, flow),
    has: ({ flow_id, flow_name }) =>
      flow_id === undefined ? [...flows.values()].some(({ name }) => name === flow_name) : flows.has(flow_id),
  };
};
