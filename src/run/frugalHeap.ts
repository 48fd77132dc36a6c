/** Keeps the memory of a run small, however many rows it has. */
import v8 from 'node:v8';

/**
 * Rows stream through a run and are garbage soon after. V8 lets its heap double before it looks for garbage, as most
 * programs are faster so; here a tenth of the processor time buys half of that memory back (docs/performance.md).
 */
export function keepHeapSmall(): void {
  v8.setFlagsFromString('--heap-growing-percent=20');
}
