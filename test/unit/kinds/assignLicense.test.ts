/** What was taken is given back as it was: licenses first, the end of an assignment with it. */
import { expect } from 'chai';
import { assignLicenseKinds, giveBackStep } from '../../../lib/kinds/assignLicense.js';
import { assignPermissionSet } from '../../../lib/kinds/assignPermissionSet.js';
import type { Step } from '../../../lib/model/steps.js';
import { userIdOf } from '../store/runDb.ts';

const step: Step = {
  ...{ n: 1, subject: 1, target: '0PL000000000001AAA', userId: userIdOf(1), nickname: undefined },
  ...{ nicknameIsGiven: false, refusals: 0 },
};

describe('the kinds that give licenses back', () => {
  it('are one for each object, and insert records for a user', () => {
    expect(assignLicenseKinds.map(({ name, request }) => [name, request.object, request.operation])).to.deep.equal([
      ['assignPermissionSetLicense', 'PermissionSetLicenseAssign', 'insert'],
      ['assignPackageLicense', 'UserPackageLicense', 'insert'],
    ]);
    const [license, ofPackage] = assignLicenseKinds;
    expect(license?.row({ step, values: { PermissionSetLicenseId: step.target } })).to.deep.equal({
      AssigneeId: userIdOf(1),
      PermissionSetLicenseId: step.target,
    });
    const target = '050000000000001AAA';
    expect(ofPackage?.record({ step: { ...step, target }, values: { PackageLicenseId: target } })).to.deep.equal({
      UserId: userIdOf(1),
      PackageLicenseId: target,
    });
    expect(ofPackage?.keyOfResult({ UserId: userIdOf(1), PackageLicenseId: target })).to.equal(
      ofPackage?.keyOfStep({ ...step, target }),
    );
  });

  it('go before the permission sets that need them, and none keeps another from the user', () => {
    const steps = [
      giveBackStep({ type: 'permissionSetLicense', label: 'CRM', values: { PermissionSetLicenseId: '0PL1' } }, 'u'),
      giveBackStep({ type: 'packageLicense', label: 'acme', values: { PackageLicenseId: '0501' } }, 'u'),
      giveBackStep({ type: 'permissionSet', label: 'Docs', values: { PermissionSetGroupId: '0PG1' } }, 'u'),
    ];
    expect(steps.map(({ kind, stage, restsOn, target }) => [kind, stage, restsOn, target])).to.deep.equal([
      ['assignPermissionSetLicense', 4, 3, '0PL1'],
      ['assignPackageLicense', 4, 3, '0501'],
      ['assignPermissionSet', 5, 3, '0PG1'],
    ]);
  });

  it('keep the end of an assignment', () => {
    const values = { PermissionSetId: '0PS000000000001AAA', ExpirationDate: '2026-12-31T00:00:00.000Z' };
    const given = giveBackStep({ type: 'permissionSet', label: 'Docs', values }, 'u');
    expect(assignPermissionSet.row({ step: { ...step, target: given.target }, values: given.values })).to.deep.equal({
      AssigneeId: userIdOf(1),
      ...values,
    });
    expect(assignPermissionSet.columns({} as never)).to.include('ExpirationDate');
  });

  it('fail for the users who need a license of which none is left, and go on with the others', () => {
    const error = { code: 'LICENSE_LIMIT_EXCEEDED', message: 'License Limit Exceeded - CRM User' };
    for (const { judging } of [...assignLicenseKinds, assignPermissionSet])
      expect(judging.judgeCall(step, error, 0.5)).to.deep.equal({ outcome: 'failed', ...error });
  });
});
