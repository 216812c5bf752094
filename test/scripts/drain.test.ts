import { existsSync, readFileSync } from 'node:fs';
import { AddressInfo, connect, createServer, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { testUnless } from '../support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { Environment, linesOf, program, runScript, ScriptResult } from './support/run-script';
import { NEAREST_SHELL, reasonToSkip, Shell, SHELLS } from './support/shells';

/** Answers as many looks as BUSY_LOOKS says with a container, the others with none, and from DEAD_FROM_LOOK on not at all. */
const DOCKER = `#!/bin/sh
cd "\${0%/*}" || exit 99
echo "$*" >> calls
[ "$(wc -l < calls)" -lt "\${DEAD_FROM_LOOK:-99}" ] || exit 1
[ "$(wc -l < calls)" -gt "\${BUSY_LOOKS:-0}" ] || echo 4a7f7eebae0f
`;

interface Result extends ScriptResult {
  /** How often the daemon was looked at. */
  readonly looks: number;
  /** What the readiness probe finds. */
  readonly draining?: string;
}

afterEach(removeTemporaryFolders);

function drain(shell: Shell, env: Environment): Result {
  const folder = temporaryFolder();
  program(folder, 'docker', DOCKER);
  const result = runScript(shell, 'drain.sh', folder, { STATE: folder, API_PORT: '1', DRAIN_SECONDS: '60', QUIET_SECONDS: '1', ...env });
  const marker = join(folder, 'draining');
  return { ...result, looks: linesOf(join(folder, 'calls')).length, draining: existsSync(marker) ? readFileSync(marker, 'utf8') : undefined };
}

/** Runs something while a client is connected to the port that it is given. */
async function whileConnected(action: (port: number) => void): Promise<void> {
  const server: Server = await new Promise(resolve => {
    const listening = createServer().listen(0, '127.0.0.1', () => resolve(listening));
  });
  const { port } = server.address() as AddressInfo;
  const client: Socket = await new Promise(resolve => {
    const connected = connect(port, '127.0.0.1', () => resolve(connected));
  });
  try {
    action(port);
  } finally {
    client.destroy();
    server.close();
  }
}

describe.each(SHELLS)('drain.sh in $name', shell => {
  const trial = (name: string, body: jest.ProvidesCallback): void => testUnless(reasonToSkip(shell), name, body);

  trial('returns at its first look when nothing runs, and keeps new clients away', () => {
    expect(drain(shell, {})).toMatchObject({ status: 0, stdout: '', stderr: '', looks: 1, draining: 'stop\n' });
  });

  trial('returns at its first look when the daemon does not answer', () => {
    expect(drain(shell, { DEAD_FROM_LOOK: '1' })).toMatchObject({ status: 0, looks: 1 });
  });

  trial('waits while a client is connected, though no container runs', async () => {
    await whileConnected(port => {
      expect(drain(shell, { API_PORT: String(port), QUIET_SECONDS: '0', DEAD_FROM_LOOK: '2' }).looks).toBe(2);
    });
  });

  trial('does nothing without its bound', () => {
    const { status, stderr, draining } = drain(shell, { DRAIN_SECONDS: '' });

    expect(status).not.toBe(0);
    expect(stderr).toContain('DRAIN_SECONDS');
    expect(draining).toBeUndefined();
  });
});

describe('drain.sh', () => {
  const shell = NEAREST_SHELL;
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell), name, body);

  trial('waits until nothing has run for a while, since a job is idle between its build and its push', () => {
    expect(drain(shell, { BUSY_LOOKS: '1' })).toMatchObject({ status: 0, looks: 3 });
  });

  trial('waits no longer than it may', () => {
    const { status, looks } = drain(shell, { BUSY_LOOKS: '1000', DRAIN_SECONDS: '1' });

    expect(status).toBe(0);
    expect(looks).toBeLessThan(1000);
  });
});
