/**
 * What a real org's work takes, as far as anything is published: `sf data import bulk` made 76,380 plain records in 94 s,
 * 800 to 900 a second (salesforcecli/plugin-data#1098). Here four batches at once come to that rate.
 */
export const realisticCosts = {
  parallelBatches: 4,
  msPerRow: 4.7,
  msPerBatch: 1000,
  msInQueue: 1000,
} as const;
