import { createHmac } from 'node:crypto';
import pg from 'pg';

/** The database in which every service has a schema, when they do not have a database each. */
const shared = 'jari';

/**
 * Makes a role NAME and a database or schema NAME that only it may enter, and answers with the address as which the service
 * connects. Does nothing that is done already; several may run at once.
 *
 * The role's password follows from the administrator's, so that nobody needs to keep it.
 */
export async function provision(adminUrl: string, name: string, as: 'database' | 'schema'): Promise<string> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`${name} is no name for a role`);
  const database = as === 'database' ? name : shared;
  const url = new URL(adminUrl);
  const password = createHmac('sha256', decodeURIComponent(url.password)).update(name).digest('base64url');
  url.username = name;
  url.password = password;
  url.pathname = `/${database}`;
  if (await opens(url.href)) return url.href;

  await connected(adminUrl, async (admin) => {
    await admin.query(`select pg_advisory_lock(hashtext('jari.provision'))`);
    await unless(admin, `select from pg_roles where rolname = '${name}'`, `create role ${name} nologin`);
    await unless(admin, `select from pg_database where datname = '${database}'`, `create database ${database}`);
    // Else any role may enter any database, and look at the names of what is in it.
    for (const open of [database, 'postgres', 'template1'])
      await admin.query(`revoke all on database ${open} from public`);
    if (as === 'database') await admin.query(`alter database ${name} owner to ${name}`);
    else await provideSchema(admin, adminUrl, name);
    // Last, because a role that can log in is taken for complete.
    await admin.query(`alter role ${name} login password '${password}'`);
  });
  return url.href;
}

async function provideSchema(admin: pg.Client, adminUrl: string, name: string): Promise<void> {
  const inside = new URL(adminUrl);
  inside.pathname = `/${shared}`;
  await connected(inside.href, async (client) => {
    await client.query(`create schema if not exists ${name}`);
    await client.query(`alter schema ${name} owner to ${name}`);
    await client.query(`revoke all on schema public from public`);
  });
  await admin.query(`grant connect, temporary on database ${shared} to ${name}`);
  await admin.query(`alter role ${name} in database ${shared} set search_path to ${name}`);
}

async function unless(client: pg.Client, exists: string, make: string): Promise<void> {
  if ((await client.query(exists)).rowCount === 0) await client.query(make);
}

/** Whether the role can log in and enter. What else fails (no server) is met again, and told, by the administrator's connection. */
const opens = (url: string): Promise<boolean> => connected(url, async () => true).catch(() => false);

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
