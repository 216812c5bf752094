// What was compiled from a file that is gone would be packed for ever.
const { rmSync } = require('fs');

rmSync('lib', { recursive: true, force: true });
