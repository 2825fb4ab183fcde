// What each provider asks of its services, and how it answers (DOMAIN 5.1, 5.2, 5.3). Times in seconds.

const PIVOTS = ['given_name', 'family_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'];
const FRANCE_CONNECT_CLAIMS = {
  openid: ['sub'],
  profile: ['given_name', 'family_name', 'birthdate', 'gender', 'preferred_username'],
  birth: ['birthplace', 'birthcountry'],
  identite_pivot: PIVOTS,
  ...Object.fromEntries([...PIVOTS, 'preferred_username', 'email', 'idp_birthdate'].map((name) => [name, [name]])),
  acr: null,
  amr: null,
};
const PRO_CONNECT_SCOPES = ['given_name', 'usual_name', 'email', 'uid', 'siret', 'idp_id', 'phone'];

const elector = {
  people: 'electors',
  claims: FRANCE_CONNECT_CLAIMS,
  scopes: 'openid given_name family_name gender birthdate email preferred_username idp_birthdate',
  levels: ['eidas1'],
  sessionSeconds: 30 * 60,
  sessionSlides: true,
  knownParameters: null,
  pkce: true,
};

export const PROFILES = {
  franceconnect: {
    ...elector,
    label: 'FranceConnect',
    idToken: 'HS256',
    userInfo: 'HS256',
  },
  franceconnect_plus: {
    ...elector,
    label: 'FranceConnect+',
    levels: ['eidas2', 'eidas3'],
    idToken: 'ES256',
    userInfo: 'ES256',
    encrypts: true,
    sessionSeconds: 10 * 60,
    sessionSlides: false,
  },
  nc_connect: {
    ...elector,
    label: 'NC Connect',
    idToken: 'ES256',
    userInfo: 'ES256',
  },
  proconnect: {
    label: 'ProConnect',
    people: 'agents',
    claims: {
      openid: ['sub'],
      ...Object.fromEntries(PRO_CONNECT_SCOPES.map((name) => [name, [name]])),
      acr: null,
      amr: null,
    },
    scopes: 'openid given_name usual_name email siret',
    levels: [],
    idToken: 'RS256',
    userInfo: 'RS256',
    sessionSeconds: 12 * 3600,
    sessionSlides: true,
    // Anything else is error Y000400 there.
    knownParameters: new Set(['response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'nonce', 'acr_values', 'claims', 'prompt', 'login_hint']),
    pkce: false,
  },
};
