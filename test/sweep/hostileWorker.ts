/** The hostile answers of one scenario, named by the argument. */
import { carryOut } from './elsewhere.ts';
import { scenarios } from './hostile.ts';
import { sweepAnswers } from './hostileSweep.ts';

await carryOut(scenarios, ({ name }) => name, sweepAnswers);
