/** Those that JSON Web Tokens may be signed with. Apart from the keys, since the editor lists them too. */
export const JWT_ALGORITHMS = ["HS256", "RS256", "ES256", "EdDSA"] as const;

export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

export function isJwtAlgorithm(value: unknown): value is JwtAlgorithm {
  return JWT_ALGORITHMS.some((algorithm) => algorithm === value);
}
