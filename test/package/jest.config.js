const { base } = require('../jest.base');

/** What reaches a user: the package, its charts on other machines, and what is generated and committed. Needs the compiled library. */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/package/**/*.test.ts'],
  globalSetup: '<rootDir>/test/package/global-setup.ts',
  maxWorkers: 1,
  testTimeout: 300_000,
};
