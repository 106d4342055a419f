// A certified OpenID Connect provider with the people of the tests, some of whom it lies about.
// Usage: node provider.js PORT REDIRECT_URI; it prints "ready" when it answers.
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import { interactionPolicy, Provider } from 'oidc-provider';

const [port, redirectUri] = [Number(process.argv[2]), process.argv[3]];
const issuer = `http://127.0.0.1:${port}`;
const now = () => Math.floor(Date.now() / 1000);

// The login name says who it is: each has other claims.
const people = {
  vera: { email: 'vera@example.org', email_verified: true },
  edith: { email: 'edith@example.org', email_verified: true, roles: ['newsroom'] },
  clara: { email: 'clara@example.org', email_verified: true, roles: ['editor'] },
  olga: { email: 'olga@example.org', email_verified: true },
  mallory: { email: 'olga@example.org', email_verified: false },
};

// What is wrong with the token of who signs in by this name; each would be an owner.
const lies = {
  'wrong-issuer': (claims) => ({ ...claims, iss: 'https://login.example.org' }),
  'wrong-audience': (claims) => ({ ...claims, aud: 'another-client' }),
  // For another client, and authorised party all the same: aud alone says whom a token is for.
  'wrong-audience-right-party': (claims) => ({ ...claims, aud: 'another-client', azp: 'map' }),
  expired: (claims) => ({ ...claims, iat: now() - 7200, exp: now() - 3600 }),
  'wrong-nonce': (claims) => ({ ...claims, nonce: 'made-up' }),
  'no-nonce': ({ nonce, ...claims }) => claims,
  'wrong-key': (claims) => claims,
  unsigned: (claims) => claims,
  // Nothing is wrong here, but it is older than a session may be.
  'long-ago': (claims) => ({ ...claims, iat: now() - 13 * 3600 }),
};

const make = () => generateKeyPair('RS256', { extractable: true });
const [own, foreign] = [await make(), await make()];

// "ends-1764122400": the first session, of twelve hours, ends then; later ones are as any other.
const aged = new Set();
const endsAt = (claims) => {
  if (aged.has(claims.sub)) return claims;
  aged.add(claims.sub);
  return { ...claims, iat: Number(claims.sub.split('-')[1]) - 12 * 3600 };
};
const lieOf = (sub) => lies[sub] ?? (/^ends-\d+$/.test(sub) ? endsAt : undefined);

async function told(token, lie) {
  const [claims, header] = [lieOf(lie)(decodeJwt(token)), decodeProtectedHeader(token)];
  if (lie === 'unsigned') return new UnsecuredJWT(claims).encode();
  const key = lie === 'wrong-key' ? foreign : own;
  return new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey);
}

const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'map',
    client_secret: 'a-secret-of-the-tests-only',
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [redirectUri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'roles'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['keys-of-the-tests-only'] },
  jwks: { keys: [{ ...(await exportJWK(own.privateKey)), kid: 'own', alg: 'RS256', use: 'sig' }] },
  features: {
    devInteractions: { enabled: false },
    // Its own page asks for a font from elsewhere.
    rpInitiatedLogout: {
      logoutSource: (ctx, form) => {
        ctx.body = `<!doctype html><title>Sign out</title>${form}`
          + '<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>';
      },
    },
  },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, ...(people[id] ?? { roles: ['owner'] }) }),
  }),
  interactions: { policy, url: (ctx, { uid }) => `/interaction/${uid}` },
  // Everyone consents.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
  ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600 },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) {
    await next();
    const lie = ctx.path === '/token' && ctx.body?.id_token && decodeJwt(ctx.body.id_token).sub;
    if (lie && lieOf(lie)) ctx.body = { ...ctx.body, id_token: await told(ctx.body.id_token, lie) };
    return;
  }
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = '<!doctype html><title>Sign in</title><form method="post">'
      + '<label>Login <input name="login" autofocus></label> <button>Continue</button></form>';
    return;
  }
  const parts = [];
  for await (const part of ctx.req) parts.push(part);
  const login = new URLSearchParams(Buffer.concat(parts).toString()).get('login');
  const result = { select_account: {}, login: { accountId: login } };
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  ctx.status = 303;
});

provider.listen(port, '127.0.0.1', () => console.log(`ready ${issuer}`));
