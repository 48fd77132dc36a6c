/** What nobody has proven about changed users, both ways: disable and enable end with true counts either way. */
import { expect } from 'chai';
import type { SimulatedOrg } from '../simulated-org/world/simulatedOrg.ts';
import { expectChangeDone, makeUsers } from './changeLab.ts';
import { mainProfile, RunLab } from './runLab.ts';

type Switches = SimulatedOrg['switches'];

/** Switch → its values, and whether partners can be cut off then. */
const journeys: ReadonlyArray<readonly [string, (switches: Switches) => void, partnersCutOff?: boolean]> = [
  ['combinedDisable works', ({ users }) => (users.combinedDisable = 'works')],
  ['combinedDisable fails', ({ users }) => (users.combinedDisable = 'fails')],
  ['partnerDisableByApi yes', ({ users }) => (users.partnerDisableByApi = true)],
  ['partnerDisableByApi no', ({ users }) => (users.partnerDisableByApi = false), false],
  ['selfDeactivation yes', ({ users }) => (users.selfDeactivation = true)],
  ['selfDeactivation no', ({ users }) => (users.selfDeactivation = false)],
  ['ownerRoleOnReactivation yes', ({ users }) => (users.ownerRoleOnReactivation = true)],
  ['ownerRoleOnReactivation no', ({ users }) => (users.ownerRoleOnReactivation = false)],
  ['mail.onReactivation yes', ({ mail }) => (mail.onReactivation = true)],
  ['mail.onReactivation no', ({ mail }) => (mail.onReactivation = false)],
  ['bulk.failedUpdateKeepsId yes', ({ bulk }) => (bulk.failedUpdateKeepsId = true)],
  ['bulk.failedUpdateKeepsId no', ({ bulk }) => (bulk.failedUpdateKeepsId = false)],
];

describe('disable and enable in an org with', () => {
  let lab: RunLab;
  let customers: string[];
  let partners: string[];
  beforeEach(async () => {
    lab = await RunLab.start();
    customers = makeUsers(lab, mainProfile, 2);
    partners = makeUsers(lab, 'Acme Partner', 2);
  });
  afterEach(() => lab.stop());

  const where = "Account.Type = 'Made'";
  const values = (ids: readonly string[], field: string): unknown[] =>
    ids.map((id) => lab.org.store.get('User', id)?.[field]);

  for (const [name, turn, partnersCutOff = true] of journeys) {
    it(name, async () => {
      turn(lab.org.switches);
      const off = await lab.change({ mode: 'deactivate', where });
      expectChangeDone(lab, off);
      expect(values([...customers, ...partners], 'IsActive')).to.deep.equal([false, false, false, false]);
      const back = await lab.change({ operation: 'enable', fromRun: off.folder });
      expectChangeDone(lab, back);
      expect(values([...customers, ...partners], 'IsActive')).to.deep.equal([true, true, true, true]);
      const cut = await lab.change({ mode: 'disable-portal', where });
      expect(cut.result.counts).to.include({
        succeeded: partnersCutOff ? 4 : 2,
        failed: partnersCutOff ? 0 : 2,
        pending: 0,
      });
      expect(values(customers, 'ContactId')).to.deep.equal([null, null]);
      for (const contactId of values(partners, 'ContactId')) {
        if (partnersCutOff) expect(contactId).to.equal(null);
        else expect(contactId).to.match(/^003/);
      }
    });
  }
});
