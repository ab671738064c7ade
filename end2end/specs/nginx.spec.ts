// A real nginx in front of a sample API, which needs no code to refuse a revoked key.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../fixtures.js';
import { createKey, signUp, somebody } from '../steps.js';

/** As docs/forward-auth.md shows it. */
function configuration(folder: string, port: number, api: number, probity: string): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const root = process.getuid?.() === 0 ? 'user root;' : '';
  return `
    ${root}
    daemon off;
    worker_processes 1;
    pid ${folder}/nginx.pid;
    error_log stderr;
    events { worker_connections 64; }
    http {
      access_log off;
      ${temp.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
      server {
        listen 127.0.0.1:${port};
        location / {
          auth_request /_probity;
          auth_request_set $key_id $upstream_http_x_probity_key_id;
          auth_request_set $key_code $upstream_http_x_probity_code;
          auth_request_set $key_status $upstream_status;
          add_header X-Key-Code $key_code always;
          error_page 500 = @not_now;
          proxy_set_header X-Key-Id $key_id;
          proxy_pass http://127.0.0.1:${api};
        }
        location = /_probity {
          internal;
          proxy_pass ${probity}/v1/forward-auth;
          proxy_pass_request_body off;
          proxy_set_header Content-Length "";
          proxy_set_header X-Forwarded-For $remote_addr;
        }
        location @not_now {
          if ($key_status = 429) { return 429; }
          return 503;
        }
      }
    }`;
}

test('nginx in front of an API refuses a revoked key', async ({ page, home }) => {
  const api = createServer((request, answer) => {
    answer.end(JSON.stringify({ served: request.headers['x-key-id'] }));
  });
  const port = await new Promise<number>((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
  await new Promise<void>((done) => api.listen(0, '127.0.0.1', () => done()));
  const folder = mkdtempSync(join(tmpdir(), 'probity-nginx-'));
  const file = join(folder, 'nginx.conf');
  const probity = home.url.replace('localhost', '127.0.0.1');
  writeFileSync(file, configuration(folder, port, (api.address() as AddressInfo).port, probity));
  const nginx = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: 'inherit' });
  const call = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/orders`, { headers });
  try {
    await expect(async () => expect((await call({})).status).toBe(401)).toPass();

    const team = await signUp(page, home, somebody('Gina Gateway'));
    const key = await createKey(page, home.url + team, 'gateway');
    const bearer = { authorization: `Bearer ${key.secret}` };
    const served = await call(bearer);
    expect(served.status).toBe(200);
    expect(await served.json()).toEqual({ served: key.id });
    expect((await call({ 'x-api-key': key.secret })).status).toBe(200);
    const wrong = await call({ 'x-api-key': key.secret.replace(/.$/, '-') });
    expect([wrong.status, wrong.headers.get('x-key-code')]).toEqual([401, 'NOT_FOUND']);

    await page.goto(`${team}/keys/new`);
    await page.getByLabel('Name', { exact: true }).fill('metered');
    await page.getByText('Scopes, networks and limits').click();
    await page.getByLabel('Calls in a month').fill('1');
    await page.getByRole('button', { name: 'Create key' }).click();
    const metered = await page.getByText(/^pby_live_[0-9A-Za-z]+$/).innerText();
    expect((await call({ 'x-api-key': metered })).status).toBe(200);
    expect((await call({ 'x-api-key': metered })).status).toBe(429);

    await expect(async () => {
      await page.goto(`${team}/keys/${key.id}/revoke`);
      await expect(page.getByLabel('Its name')).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 10_000 });
    await page.getByLabel('Its name').fill('gateway');
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await expect(page.getByText('Key gateway was revoked.')).toBeVisible();
    const revoked = await call(bearer);
    expect([revoked.status, revoked.headers.get('x-key-code')]).toEqual([401, 'NOT_FOUND']);
  } finally {
    nginx.kill();
    api.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
