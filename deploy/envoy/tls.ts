import { isIP } from 'node:net';
import { SettingsError } from '#adapters/settings/settings.ts';
import { typed, type Json } from './typed.ts';

const sockets = 'envoy.extensions.transport_sockets.tls.v3';

/** The authorities that the operating system of Envoy's image trusts. */
export const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';

/** Files, as Envoy finds them. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Certificates of a gateway. */
export interface Encryption {
  /** File of the authorities whose certificates are believed. */
  authorities: string;
  /** Shown to services, which are then spoken to by TLS alone. */
  own?: Certificate;
  /** Shown to callers, who then speak TLS alone. */
  shown?: Certificate;
}

/** As the environment says: JARI_TLS_CA, JARI_TLS_CERT and JARI_TLS_KEY as for the services, JARI_GATEWAY_CERT and JARI_GATEWAY_KEY towards callers. */
export function encryptionFrom(env: NodeJS.ProcessEnv): Encryption {
  const own = pair('JARI_TLS_CERT', env.JARI_TLS_CERT, 'JARI_TLS_KEY', env.JARI_TLS_KEY);
  const shown = pair('JARI_GATEWAY_CERT', env.JARI_GATEWAY_CERT, 'JARI_GATEWAY_KEY', env.JARI_GATEWAY_KEY);
  return { authorities: env.JARI_TLS_CA || systemAuthorities, ...(own && { own }), ...(shown && { shown }) };
}

function pair(
  certName: string,
  cert: string | undefined,
  keyName: string,
  key: string | undefined,
): Certificate | undefined {
  if (Boolean(cert) !== Boolean(key))
    throw new SettingsError(`${certName} and ${keyName} are given together, or neither`);
  return cert && key ? { cert, key } : undefined;
}

/** TLS to somebody who must have one of these names, from an authority in the file; with a certificate of ours where they ask for one. */
export const trusting = (
  names: readonly string[],
  authorities: string,
  own?: Certificate,
  protocols: readonly string[] = [],
): Json => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: typed(`${sockets}.UpstreamTlsContext`, {
    ...(names[0] && !isIP(names[0]) && { sni: names[0] }),
    common_tls_context: {
      ...(own && shown(own)),
      ...(protocols.length && { alpn_protocols: protocols }),
      tls_params: { tls_minimum_protocol_version: 'TLSv1_2' },
      validation_context: {
        trusted_ca: { filename: authorities },
        match_typed_subject_alt_names: names.map((name) => ({
          san_type: isIP(name) ? 'IP_ADDRESS' : 'DNS',
          matcher: { exact: name },
        })),
      },
    },
  }),
});

/** TLS for those who connect to us. */
export const showing = (own: Certificate): Json => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: typed(`${sockets}.DownstreamTlsContext`, {
    common_tls_context: {
      ...shown(own),
      alpn_protocols: ['h2', 'http/1.1'],
      tls_params: { tls_minimum_protocol_version: 'TLSv1_2' },
    },
  }),
});

const shown = ({ cert, key }: Certificate): { readonly [name: string]: Json } => ({
  tls_certificates: [{ certificate_chain: { filename: cert }, private_key: { filename: key } }],
});
