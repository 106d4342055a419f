// A certified OpenID Connect provider with the people of the tests; usage: node provider.js PORT REDIRECT_URI
import { Provider } from 'oidc-provider';

const [port, redirectUri] = [Number(process.argv[2]), process.argv[3]];
const issuer = `http://127.0.0.1:${port}`;

// The login name says who it is: each has other claims.
const people = {
  vera: { email: 'vera@example.org', email_verified: true },
  edith: { email: 'edith@example.org', email_verified: true, roles: ['newsroom'] },
  olga: { email: 'olga@example.org', email_verified: true },
  mallory: { email: 'olga@example.org', email_verified: false },
};

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
  features: { devInteractions: { enabled: true } },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, ...(people[id] ?? {}) }),
  }),
  pkce: { required: () => true },
  ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600 },
});

provider.listen(port, '127.0.0.1', () => console.log(`ready ${issuer}`));
