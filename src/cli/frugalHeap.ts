/** Keeps the memory of a command small, however many rows its run has. */
import v8 from 'node:v8';
import vm from 'node:vm';

/**
 * Rows stream through a run and are garbage soon after. V8 would double its heap before it looks for garbage, and give young
 * objects ever more room, as most programs are faster so; here a little processor time buys much of that memory back
 * (docs/performance.md). What sf itself has left behind is taken away first. For the whole process: only a command may say so.
 */
export function keepHeapSmall(): void {
  v8.setFlagsFromString('--heap-growing-percent=40');
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  v8.setFlagsFromString('--expose-gc');
  const collect: unknown = vm.runInNewContext('gc');
  if (typeof collect === 'function') Reflect.apply(collect, undefined, [{ type: 'major', flavor: 'last-resort' }]);
}
