const { base } = require('../jest.base');

/** Real Docker daemons, played from manifests; one after the other, for their sake and the machine's. */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/docker/**/*.test.ts'],
  globalSetup: '<rootDir>/test/docker/global-setup.ts',
  globalTeardown: '<rootDir>/test/docker/global-teardown.ts',
  maxWorkers: 1,
  testTimeout: 300_000,
};
