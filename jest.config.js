const { base } = require('./test/jest.base');

/** The fast suite: units, snapshots, conformance, examples. Needs nothing but npm. */
module.exports = {
  ...base,
  // jest leaves a core to whoever watches; nobody does, and two cores are what small machines have
  maxWorkers: '100%',
  testPathIgnorePatterns: ['/node_modules/', '/test/(apiserver|docker|cluster|package|harness)/'],
  collectCoverageFrom: ['src/**/*.ts', '!src/index.ts'],
  coverageThreshold: { global: { statements: 95, branches: 95, functions: 95, lines: 95 } },
};
