/** The invite sweep of one kind of org, named by the argument. */
import { carryOut } from './elsewhere.ts';
import { nameOfOrg, orgs, sweepOrg } from './inviteSweep.ts';

await carryOut(orgs, nameOfOrg, sweepOrg);
