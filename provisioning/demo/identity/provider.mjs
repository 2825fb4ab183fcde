// Identity providers of the demonstration and of the tests, on this machine only: FranceConnect, FranceConnect+,
// NC Connect, ProConnect, each at a port of its own, by the certified library oidc-provider (DOMAIN 5.3).
//
//   node provider.mjs PACKAGES     PACKAGES: the node_modules folder that holds oidc-provider
//
// One JSON command a line on standard input, one JSON answer a line on standard output; it ends with its input.
//   {"do": "describe"}                          issuer, client and keys of each profile
//   {"do": "site", "url": "http://..."}         the service that may ask; the whole of its addresses
//   {"do": "rotate", "profile": "nc_connect"}   new signing keys, the old ones are gone
//   {"do": "skew", "seconds": 45}               its clock against that of the machine
//   {"do": "forget"}                            every session, code and token

import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

import { Memory } from './memory.mjs';
import { PROFILES } from './profiles.mjs';
import { choicePage, endedPage, logOutPage, refusedPage } from './pages.mjs';

const { default: Provider } = await import(pathToFileURL(path.join(path.resolve(process.argv[2]), 'oidc-provider', 'lib', 'index.js')));
const PEOPLE = JSON.parse(readFileSync(new URL('./people.json', import.meta.url), 'utf8'));
const BASE = '/api/v2';
const SHORTEST = 32; // characters of state and nonce
const machineNow = Date.now.bind(Date);
let skewSeconds = 0;
Date.now = () => machineNow() + skewSeconds * 1000;

class Desk {
  constructor(name, profile) {
    Object.assign(this, { name, profile, memory: new Memory(), site: 'http://127.0.0.1:8000' });
    this.secret = randomBytes(32).toString('hex');
    this.cookieKey = randomBytes(16).toString('hex');
    this.clientId = `relais-${name}`;
    this.rotate();
    if (profile.encrypts) {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      this.clientKey = { ...publicKey.export({ format: 'jwk' }), use: 'enc', kid: randomUUID() };
      this.decryptionKey = privateKey.export({ format: 'pem', type: 'pkcs8' });
    }
  }

  rotate() {
    this.keys = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ].map(({ privateKey }) => ({ ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: randomUUID() }));
  }

  async open() {
    const server = createServer((request, response) => this.answer(request, response));
    await new Promise((opened) => server.listen(0, '127.0.0.1', opened));
    this.issuer = `http://localhost:${server.address().port}${BASE}`;
    this.build();
  }

  build() {
    const space = this.profile.people === 'agents' ? 'connexion/agents' : 'connexion-usager';
    const client = {
      client_id: this.clientId,
      client_secret: this.secret,
      redirect_uris: [`${this.site}/${space}/retour/${this.name}/`],
      post_logout_redirect_uris: [`${this.site}/${space}/terminee/${this.name}/`],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: this.profile.idToken,
      userinfo_signed_response_alg: this.profile.userInfo,
      subject_type: 'pairwise',
      ...(this.profile.encrypts && {
        id_token_encrypted_response_alg: 'ECDH-ES',
        id_token_encrypted_response_enc: 'A256GCM',
        userinfo_encrypted_response_alg: 'ECDH-ES',
        userinfo_encrypted_response_enc: 'A256GCM',
        jwks: { keys: [this.clientKey] },
      }),
    };
    this.provider = new Provider(this.issuer, this.configuration(client));
    this.provider.use((ctx, next) => this.checkQuestion(ctx, next));
    this.handle = this.provider.callback();
  }

  configuration(client) {
    const { profile } = this;
    const cookie = (kind) => `_${this.name}_${kind}`; // ports share the cookies of a host
    return {
      adapter: this.memory.adapter(),
      clients: [client],
      jwks: { keys: this.keys },
      claims: profile.claims,
      acrValues: profile.levels,
      scopes: ['openid'],
      subjectTypes: ['pairwise'],
      pairwiseIdentifier: (ctx, id, { clientId }) => `${createHash('sha256').update(`${clientId}|${id}`).digest('hex')}v1`,
      findAccount: (ctx, id) => this.account(id),
      loadExistingGrant: (ctx) => grantAll(ctx),
      interactions: { url: (ctx, { uid }) => `/identites/${uid}` },
      pkce: { required: () => profile.pkce },
      responseTypes: ['code'],
      enabledJWA: {
        idTokenSigningAlgValues: ['HS256', 'RS256', 'ES256'],
        userinfoSigningAlgValues: ['HS256', 'RS256', 'ES256'],
        idTokenEncryptionAlgValues: ['ECDH-ES'],
        idTokenEncryptionEncValues: ['A256GCM'],
        userinfoEncryptionAlgValues: ['ECDH-ES'],
        userinfoEncryptionEncValues: ['A256GCM'],
      },
      features: {
        devInteractions: { enabled: false },
        claimsParameter: { enabled: true },
        jwtUserinfo: { enabled: true },
        encryption: { enabled: true },
        revocation: { enabled: true },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource: (ctx, form) => { ctx.body = logOutPage(profile.label, form); },
          postLogoutSuccessSource: (ctx) => { ctx.body = endedPage(profile.label); },
        },
      },
      routes: {
        authorization: `${BASE}/authorize`,
        token: `${BASE}/token`,
        userinfo: `${BASE}/userinfo`,
        end_session: `${BASE}/session/end`,
        jwks: `${BASE}/jwks`,
        revocation: `${BASE}/token/revocation`,
      },
      ttl: {
        AuthorizationCode: 30,
        AccessToken: 60,
        IdToken: 60,
        Interaction: 600,
        Grant: profile.sessionSeconds,
        Session: (ctx, session) => this.sessionSeconds(session),
      },
      cookies: {
        keys: [this.cookieKey],
        names: { session: cookie('session'), interaction: cookie('interaction'), resume: cookie('resume') },
        long: { signed: true, httpOnly: true, sameSite: 'lax' },
        short: { signed: true, httpOnly: true, sameSite: 'lax' },
      },
      renderError: (ctx, out) => { ctx.type = 'html'; ctx.body = refusedPage(profile.label, out.error); },
    };
  }

  sessionSeconds({ loginTs }) {
    const { sessionSeconds, sessionSlides } = this.profile;
    if (sessionSlides || !loginTs) return sessionSeconds;
    return Math.max(1, loginTs + sessionSeconds - Math.floor(Date.now() / 1000));
  }

  account(id) {
    const person = PEOPLE[this.profile.people][id];
    if (!person) return undefined;
    const { label, amr, ...claims } = person;
    return { accountId: id, claims: async () => ({ ...claims, sub: id }) };
  }

  // The providers refuse short values, and ProConnect whatever it does not know.
  async checkQuestion(ctx, next) {
    if (ctx.path === `${BASE}/authorize` && ctx.method === 'GET') {
      const { state = '', nonce = '' } = ctx.query;
      const known = this.profile.knownParameters;
      const strange = known ? Object.keys(ctx.query).filter((name) => !known.has(name)) : [];
      if (state.length < SHORTEST || nonce.length < SHORTEST || strange.length) {
        ctx.status = 400;
        ctx.type = 'html';
        ctx.body = refusedPage(this.profile.label, 'Y000400');
        return;
      }
    }
    await next();
  }

  async answer(request, response) {
    // Their discovery documents stand below the base of the other addresses.
    if (request.url.startsWith(`${BASE}/.well-known/`)) request.url = request.url.slice(BASE.length);
    const uid = /^\/identites\/([\w-]+)$/.exec(request.url.split('?')[0])?.[1];
    try {
      if (uid) await this.interact(request, response);
      else await this.handle(request, response);
    } catch (error) {
      process.stderr.write(`${error.name}: ${error.message}\n`);
      response.writeHead(400, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(refusedPage(this.profile.label, error.error ?? 'server_error'));
    }
  }

  async interact(request, response) {
    const { params } = await this.provider.interactionDetails(request, response);
    const people = PEOPLE[this.profile.people];
    if (request.method !== 'POST') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(choicePage(this.profile.label, people));
      return;
    }
    const form = new URLSearchParams(await bodyOf(request));
    if (form.has('error')) {
      await this.provider.interactionFinished(request, response, { error: form.get('error') });
      return;
    }
    const id = form.get('person');
    const level = form.get('acr') ?? params.acr_values?.split(' ')[0];
    const login = { accountId: id, remember: true, acr: level, amr: people[id]?.amr ?? ['pwd'] };
    await this.provider.interactionFinished(request, response, { login });
  }

  describe() {
    const { label, scopes, levels, idToken, userInfo, pkce } = this.profile;
    return {
      issuer: this.issuer, client_id: this.clientId, client_secret: this.secret, decryption_key: this.decryptionKey ?? '',
      label, scopes, acr: levels[0] ?? '', id_token_algorithm: idToken, userinfo_algorithm: userInfo, pkce,
    };
  }
}

async function grantAll(ctx) {
  const { oidc } = ctx;
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope([...oidc.requestParamScopes].join(' '));
  grant.addOIDCClaims([...oidc.requestParamClaims]);
  await grant.save();
  return grant;
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 4096) throw new Error('form too large');
  }
  return text;
}

const desks = Object.fromEntries(Object.entries(PROFILES).map(([name, profile]) => [name, new Desk(name, profile)]));
await Promise.all(Object.values(desks).map((desk) => desk.open()));

const COMMANDS = {
  describe: () => ({ profiles: Object.fromEntries(Object.values(desks).map((desk) => [desk.name, desk.describe()])) }),
  site: ({ url }) => {
    for (const desk of Object.values(desks)) {
      desk.site = url;
      desk.build();
    }
    return {};
  },
  rotate: ({ profile }) => {
    desks[profile].rotate();
    desks[profile].build();
    return {};
  },
  skew: ({ seconds }) => {
    skewSeconds = seconds;
    return {};
  },
  forget: () => {
    for (const desk of Object.values(desks)) {
      desk.memory.forget();
      desk.build();
    }
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const command = JSON.parse(line);
    answer = { ok: true, ...COMMANDS[command.do](command) };
  } catch (error) {
    answer = { ok: false, error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
