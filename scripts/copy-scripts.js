// jsii compiles TypeScript and copies nothing: brings the containers' scripts to where the compiled code reads them.
const { cpSync } = require('fs');

cpSync('src/scripts', 'lib/src/scripts', { recursive: true });
