import type { Role, UserKind } from '../gitlab/model.ts';

export interface Person {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly kind?: Exclude<UserKind, 'ghost'>;
}

/** A group of reviewers, what they look after, and their channel. */
export interface SeedPod {
  readonly name: string;
  readonly reviewers: readonly string[];
  readonly labels: readonly string[];
  readonly projects: readonly string[];
  readonly channel: string;
}

export const people: readonly Person[] = [
  { username: 'mlund', name: 'Mira Lund', role: 'owner' },
  { username: 'aruiz', name: 'Ana Ruiz', role: 'developer' },
  { username: 'vpark', name: 'Vera Park', role: 'developer' },
  { username: 'wbauer', name: 'Wim Bauer', role: 'developer' },
  // A name as an attacker would choose it.
  { username: 'xhost', name: '<b>Xan</b> "|*_~ Host', role: 'developer' },
  { username: 'bchen', name: 'Bo Chen', role: 'developer' },
  { username: 'cdahl', name: 'Cy Dahl', role: 'developer' },
  { username: 'dokafor', name: 'Dayo Okafor', role: 'developer' },
  { username: 'emeyer', name: 'Elif Meyer', role: 'developer' },
  { username: 'fsilva', name: 'Filipa Silva', role: 'developer' },
  { username: 'gkim', name: 'Gun-woo Kim', role: 'developer' },
  { username: 'hnovak', name: 'Hana Nováková', role: 'developer' },
  { username: 'ibanerjee', name: 'Ira Banerjee', role: 'developer' },
  { username: 'jlarsen', name: 'Jens Larsen', role: 'developer' },
  { username: 'kmori', name: '森 健', role: 'developer' },
  { username: 'lrossi', name: 'Luca Rossi', role: 'developer' },
  { username: 'mhaddad', name: 'Maya Haddad', role: 'developer' },
  { username: 'npetrov', name: 'Nadia Petrova', role: 'developer' },
  { username: 'oyilmaz', name: 'Onur Yılmaz', role: 'developer' },
  { username: 'pdubois', name: 'Paul Dubois', role: 'developer' },
  { username: 'qzhang', name: 'Qi Zhang', role: 'developer' },
  { username: 'rsantos', name: 'Rita Santos', role: 'developer' },
  { username: 'sweber', name: 'Sven Weber', role: 'developer' },
  { username: 'tnguyen', name: 'Thu Nguyen', role: 'maintainer' },
  { username: 'ujansen', name: 'Uwe Jansen', role: 'maintainer' },
  { username: 'renovate-bot', name: 'Renovate', role: 'developer', kind: 'service_account' },
];

export const pods: readonly SeedPod[] = [
  pod('payments', ['bchen', 'cdahl'], ['security::payments'], ['acme/payments']),
  pod('identity', ['dokafor', 'emeyer'], ['security::identity'], ['acme/identity']),
  pod('web', ['fsilva', 'gkim'], ['security::web'], ['acme/web']),
  pod('mobile', ['hnovak', 'ibanerjee'], ['security::mobile'], ['acme/mobile']),
  pod('platform', ['jlarsen', 'kmori'], ['security::infra'], ['acme/platform/*']),
  pod('data', ['lrossi', 'mhaddad'], ['security::data'], []),
  pod('billing', ['npetrov', 'oyilmaz'], ['security::billing'], []),
  pod('search', ['pdubois', 'qzhang'], ['security::search'], []),
  pod('growth', ['rsantos', 'sweber'], ['security::growth'], []),
  pod('appsec', ['tnguyen', 'ujansen'], ['security::critical'], []),
];

/** Where changes go that no pod looks after. */
export const fallbackChannel = { id: 'C0SECURITY', name: 'security-reviews' };

export const severities = [
  { title: 'security::critical', color: '#8b0000', description: 'Exploitable from outside, today' },
  { title: 'security::high', color: '#d9534f', description: 'Exploitable with some effort' },
  { title: 'security::medium', color: '#ed9121', description: 'A defence is missing' },
  { title: 'security::low', color: '#4682b4', description: 'Hardening' },
];

function pod(name: string, reviewers: string[], labels: string[], projects: string[]): SeedPod {
  return { name, reviewers, labels, projects, channel: `C0${name.toUpperCase()}` };
}
