/** What was measured, kept beside the script: so a part can be measured again and the others stay. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import type { ApplyFigures, ReadingFigures, measureSync, PlanFigures } from './growth.ts';
import type { Outcomes } from './scheduleWays.ts';
import type { Startup } from './startup.ts';
import type { UploadFigures } from './upload.ts';

type SyncMeasured = Awaited<ReturnType<typeof measureSync>>;

/** By number of contacts, or of batches at a time. */
type ByNumber<T> = Readonly<Record<string, T>>;

export type Figures = {
  /** The machine that all of it was measured on. */
  readonly machine: string;
  readonly startup?: Startup;
  /** Of an empty command. */
  readonly emptyPeakBytes?: number;
  readonly plan?: ByNumber<PlanFigures>;
  readonly apply?: ByNumber<ApplyFigures>;
  /** By number of users. */
  readonly disable?: ByNumber<ApplyFigures>;
  /** By number of users, of whom all are listed. */
  readonly list?: ByNumber<ReadingFigures>;
  /** The same with what each of them holds. */
  readonly listWithSets?: ByNumber<ReadingFigures>;
  /** By number of contacts in ten groups. */
  readonly sync?: ByNumber<Partial<SyncMeasured> & Pick<SyncMeasured, 'plan'>>;
  readonly upload?: ByNumber<UploadFigures>;
  readonly schedule?: { readonly contacts: number; readonly outcomes: Outcomes };
};

const figuresFile = join(import.meta.dirname, 'figures.json');

/** What the tables of docs/performance.md are made of. */
export function keptFigures(): Figures | undefined {
  return existsSync(figuresFile) ? (JSON.parse(readFileSync(figuresFile, 'utf8')) as Figures) : undefined;
}

/** Those of this machine: figures of two machines can't stand in one table. */
export function readFigures(): Figures {
  const kept = keptFigures();
  const machine = thisMachine();
  return kept?.machine === machine ? kept : { machine };
}

export function writeFigures(figures: Figures): void {
  writeFileSync(figuresFile, `${JSON.stringify(figures, undefined, 2)}\n`);
}

function thisMachine(): string {
  const processors = cpus();
  const memory = `${String(Math.round(totalmem() / 2 ** 30))} GB`;
  const model = processors[0]?.model ?? 'unknown processor';
  return `${model}, ${String(processors.length)} cores, ${memory}, ${platform()} ${arch()}, Node ${process.versions.node}`;
}
