const { base } = require('../jest.base');

/** The suite that a real API server judges: one control plane for the whole run, so one worker. */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/apiserver/**/*.test.ts'],
  globalSetup: '<rootDir>/test/apiserver/global-setup.ts',
  globalTeardown: '<rootDir>/test/apiserver/global-teardown.ts',
  maxWorkers: 1,
  testTimeout: 120_000,
};
