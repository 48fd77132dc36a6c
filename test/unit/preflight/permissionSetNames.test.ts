/** Names of permission sets, in flags and in cells. */
import { expect } from 'chai';
import { findPermissionSet, splitNames } from '../../../lib/preflight/permissionSetNames.js';

const set = (name: string, label: string, id = `0PS${name}`) => ({
  id,
  name,
  label,
  isGroup: false,
  userLicenseIds: [],
});
const known = [set('Portal_Orders', 'Portal Orders'), set('Portal_Documents', 'Documents'), set('Old', 'Documents')];

describe('findPermissionSet', () => {
  it('finds by API name before label, in any case', () => {
    expect(findPermissionSet('portal_orders', known)).to.include({ id: '0PSPortal_Orders' });
    expect(findPermissionSet(' Portal orders ', known)).to.include({ id: '0PSPortal_Orders' });
    expect(findPermissionSet('Portal_Documents', known)).to.include({ id: '0PSPortal_Documents' });
  });

  it('suggests near names, and does not choose between two of one label', () => {
    expect(findPermissionSet('Portal_Ordres', known)).to.deep.include({ fault: 'unknownPermissionSet' });
    expect(findPermissionSet('Portal_Ordres', known)).to.have.property('near').that.includes('Portal_Orders');
    expect(findPermissionSet('documents', known)).to.deep.equal({
      fault: 'ambiguousPermissionSet',
      name: 'documents',
      ids: ['0PSPortal_Documents', '0PSOld'],
    });
  });
});

describe('splitNames', () => {
  it('parts names by semicolons, and passes over empty ones', () => {
    expect(splitNames(' Portal_Orders; Portal Documents;; ')).to.deep.equal(['Portal_Orders', 'Portal Documents']);
    expect(splitNames('  ')).to.deep.equal([]);
  });
});
