/** What shows how a run goes on. */
import type { Emit } from '../model/events.js';

export type Progress = {
  readonly emit: Emit;
  /** Takes the display down, for a question; the next event brings it back. */
  readonly pause: () => void;
  /** How the run ended; `failed`: with an error. */
  readonly end: (how: 'completed' | 'paused' | 'failed') => void;
};

export type TitleKey = 'title.create' | 'title.disable' | 'title.enable' | 'title.resume';
