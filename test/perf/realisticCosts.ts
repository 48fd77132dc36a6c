/**
 * What a real org's work takes, as far as anything is published: `sf data import bulk` made 76,380 plain records in 94 s,
 * 800 to 900 a second (salesforcecli/plugin-data#1098); here four batches at a time come to that rate. Who meets a lock waits
 * about ten seconds for it (portal-users §13).
 */
export const realisticCosts = {
  bulk: { parallelBatches: 4, msPerRow: 4.7, msPerBatch: 1000, msInQueue: 1000 },
  locks: { waitMs: 10_000 },
} as const;
