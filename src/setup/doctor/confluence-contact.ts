import { cloudIdOf, isGateway, type ServerIdentity } from '../../connectors/confluence/identify-server.ts';
import type { ConfluenceInspector, FoundAccount } from '../../connectors/confluence/inspect.ts';
import type { ConnectorError } from '../../connectors/errors.ts';
import { readable } from '../../domain/text.ts';
import { failure, fine, warning, type Check } from '../check.ts';
import { attempt, isPassing, tryAgain, type Attempt } from './attempt.ts';
import type { ConfluenceToCheck } from './confluence.ts';

export interface Contact {
  readonly checks: readonly Check[];
  /** False where nothing can be told about spaces and pages. */
  readonly mayGoOn: boolean;
}

type Side = Pick<ConfluenceToCheck, 'url' | 'flavour' | 'auth' | 'page'>;

const reachable = 'confluence.reachable';
const flavourId = 'confluence.flavour';
const credential = 'confluence.credential';
const scopes = 'confluence.scopes';

const gatewayForm = 'https://api.atlassian.com/ex/confluence/{cloudId}/wiki';
const makeToken = 'at id.atlassian.com, Security, API tokens';
const neededScopes = 'read:page:confluence, write:page:confluence and read:space:confluence';

/** Whether Confluence answers, is the one that was meant, and lets us in. Says so once, and of the first thing that is wrong. */
export async function checkContact(inspector: ConfluenceInspector, side: Side): Promise<Contact> {
  if (isGateway(side.url) && cloudIdOf(side.url) === null) return stop(gatewayWithoutId());
  const [account, spaces] = await Promise.all([attempt(inspector.whoAmI()), attempt(inspector.listSpaces('', 1))]);
  if (!spaces.ok) return explain(spaces.error, inspector, side);
  if (account.ok && account.value.kind === 'anonymous') return anonymous(inspector, side);
  if (!account.ok && isPassing(account.error)) return stop(passing(account.error));
  return { checks: welcomed(account, side), mayGoOn: true };
}

function welcomed(account: Attempt<FoundAccount>, side: Side): Check[] {
  return [
    reached(side),
    fine(flavourId, `It is Confluence ${nameOf(side.flavour)}`),
    fine(credential, `Confluence accepts the credential${account.ok ? whoIs(account.value) : ''}`),
    ...(isGateway(side.url)
      ? [fine(scopes, 'The token may read spaces; whether it has write:page:confluence, the first row shows')]
      : []),
  ];
}

function reached({ url, flavour }: Side): Check {
  const message = `Confluence answers at ${hostOf(url)}`;
  if (flavour !== 'cloud' || new URL(url).pathname.replace(/\/+$/, '').endsWith('/wiki'))
    return fine(reachable, message);
  const whole = `${url.replace(/\/+$/, '')}/wiki`;
  return warning(reachable, `${message}, below /wiki, which the address lacks`, `Set confluence.url to ${whole}`);
}

async function explain(error: ConnectorError, inspector: ConfluenceInspector, side: Side): Promise<Contact> {
  if (isPassing(error)) return stop(passing(error));
  if (error.code === 'unreachable') {
    const fix = 'Check confluence.url, and that this machine may connect there: DNS, firewall, proxy, certificate';
    return stop(failure(reachable, `${error.message}: no row can be written`, fix));
  }
  if (error.vendorCode === 'scope_missing') return scopeMissing(side);
  const identity = await inspector.identify();
  if (identity.flavour !== null && identity.flavour !== side.flavour) return stop(otherFlavour(identity.flavour, side));
  if (!['unauthorized', 'not_found', 'forbidden'].includes(error.code)) return stop(signInPage(error, side));
  if (error.code === 'not_found' && identity.flavour === null) return stop(elsewhere(side, 'has no API of Confluence'));
  return refused(error, identity, side);
}

function passing(error: ConnectorError): Check {
  return failure(reachable, `${error.message}: nothing else can be told about it now`, tryAgain(error));
}

function scopeMissing(side: Side): Contact {
  const checks = [
    fine(reachable, `Confluence answers at ${hostOf(side.url)}`),
    fine(credential, 'Confluence accepts the credential'),
    failure(
      scopes,
      'The token lacks the scope read:space:confluence: the space of the page cannot be read, and a page is not found by its title',
      `Make a new token with the scopes ${neededScopes}, ${makeToken}, and set it as CONFLUENCE_API_TOKEN`,
    ),
  ];
  // With the number of the page at hand, spaces are not needed.
  return { checks, mayGoOn: 'pageId' in side.page };
}

function otherFlavour(found: 'cloud' | 'data_center', { flavour }: Side): Check {
  const message = `At the address stands Confluence ${nameOf(found)}, and ${nameOf(flavour)} is configured: every call would fail`;
  return failure(
    flavourId,
    message,
    found === 'cloud'
      ? `Set CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN (made ${makeToken}) in place of CONFLUENCE_TOKEN, and confluence.api to auto or cloud`
      : 'Set CONFLUENCE_TOKEN to a personal access token (made in Confluence: profile picture, Settings, Personal access tokens) in place of CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN, and confluence.api to auto or data_center',
  );
}

function refused(error: ConnectorError, { cloudId }: ServerIdentity, side: Side): Contact {
  const { flavour, auth, url } = side;
  const found = fine(reachable, `Confluence answers at ${hostOf(url)}`);
  const say = (message: string, fix: string): Contact => ({
    checks: [found, failure(credential, `${message}: no row can be written`, fix)],
    mayGoOn: false,
  });
  if (error.code === 'forbidden') {
    return say(
      'Confluence knows the account and does not let it in (403)',
      'Give the account access to Confluence: in the administration, under users or groups, a Confluence licence',
    );
  }
  if (flavour === 'data_center') {
    const made = 'make a personal access token in Confluence (profile picture, Settings, Personal access tokens)';
    return auth.kind === 'basic'
      ? say(
          'Data Center does not accept e-mail and API token',
          `Instead of them ${made}, and set it as CONFLUENCE_TOKEN`,
        )
      : say(
          'Confluence does not accept the token; it has expired or was revoked',
          `M${made.slice(1)}, and set it as CONFLUENCE_TOKEN`,
        );
  }
  if (isGateway(url)) {
    return say(
      'The gateway does not accept the token: it expired, belongs to another site, or is one without scopes, which works at the site only',
      `Make a token with the scopes ${neededScopes}, ${makeToken}, and set it as CONFLUENCE_API_TOKEN with CONFLUENCE_EMAIL of its account; or set confluence.url to the address of the site, with /wiki`,
    );
  }
  if (auth.kind === 'bearer') {
    return say(
      'Confluence Cloud does not accept a bearer token at the address of the site',
      `Set CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN (made ${makeToken}) in place of CONFLUENCE_TOKEN`,
    );
  }
  const gateway = gatewayForm.replace('{cloudId}', cloudId ?? '{cloudId}');
  const nothing = error.code === 'not_found' ? ' (it answers as if nothing were there)' : '';
  return say(
    `Confluence does not accept the pair of e-mail and API token${nothing}`,
    `Check that CONFLUENCE_EMAIL is the account that made CONFLUENCE_API_TOKEN, and that the token has not expired: a new one is made ${makeToken}. ` +
      `If it has scopes or belongs to a service account, set confluence.url to ${gateway}`,
  );
}

async function anonymous(inspector: ConfluenceInspector, side: Side): Promise<Contact> {
  const identity = await inspector.identify();
  if (identity.flavour !== null && identity.flavour !== side.flavour) return stop(otherFlavour(identity.flavour, side));
  const made =
    side.flavour === 'cloud'
      ? `Make a new API token ${makeToken}, and set CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN`
      : 'Make a personal access token in Confluence (profile picture, Settings, Personal access tokens), and set it as CONFLUENCE_TOKEN';
  const message =
    'Confluence takes us for a visitor who has not signed in: the token is not valid, and no row can be written';
  return {
    checks: [fine(reachable, `Confluence answers at ${hostOf(side.url)}`), failure(credential, message, made)],
    mayGoOn: false,
  };
}

function signInPage(error: ConnectorError, side: Side): Check {
  const answered =
    error.code === 'bad_response'
      ? 'answers with something other than the API of Confluence, such as a page to sign in on'
      : error.status !== undefined && error.status >= 300 && error.status < 400
        ? `sends elsewhere (${error.status}), as pages for signing in do`
        : `does not answer as Confluence does (${error.status ?? error.code})`;
  return elsewhere(side, answered);
}

function elsewhere({ url, flavour }: Side, what: string): Check {
  const form =
    flavour === 'cloud'
      ? `https://yours.atlassian.net/wiki, or ${gatewayForm} for a token with scopes`
      : 'that of the server with its context path, as in https://wiki.acme.example/confluence';
  return failure(
    reachable,
    `The address ${hostOf(url)} ${what}: no row can be written`,
    `Set confluence.url to the address of Confluence: ${form}. If a proxy for single sign-on stands before it, let /rest/api or /wiki/api pass for this machine`,
  );
}

function gatewayWithoutId(): Check {
  return failure(
    reachable,
    'The address of the gateway names no site: no call can reach Confluence',
    `Set confluence.url to ${gatewayForm}; the cloudId stands at https://yours.atlassian.net/_edge/tenant_info`,
  );
}

function stop(check: Check): Contact {
  return { checks: [check], mayGoOn: false };
}

function whoIs({ name }: FoundAccount): string {
  return name === null ? '' : `, as ${readable(name, 100)}`;
}

function nameOf(flavour: 'cloud' | 'data_center'): string {
  return flavour === 'cloud' ? 'Cloud' : 'Data Center';
}

function hostOf(url: string): string {
  return new URL(url).host;
}
