const { base } = require('./test/jest.base');

/** The fast suite: units, snapshots, conformance, examples. Needs nothing but npm. */
module.exports = {
  ...base,
  testPathIgnorePatterns: ['/node_modules/', '/test/(apiserver|docker|cluster|package|harness)/'],
  collectCoverageFrom: ['src/**/*.ts', '!src/index.ts'],
  coverageThreshold: { global: { statements: 95, branches: 95, functions: 95, lines: 95 } },
};
