const path = require('path');

/** What every suite shares: ts-jest without type check (`npm run lint` has the types checked once for all). */
exports.base = {
  rootDir: path.join(__dirname, '..'),
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/lib/'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.dev.json', diagnostics: false }] },
};
