/** Audience of tokens for scoring requests. Source: Azure ML docs, `az account get-access-token` in "Authenticate clients for online endpoints"; read November 2026. */
export const ML_AUDIENCE = 'https://ml.azure.com';

/** Audiences of tokens for Azure Resource Manager; the second is its name of the classic days, which it still takes. */
export const ARM_AUDIENCES = [
  'https://management.azure.com',
  'https://management.azure.com/',
  'https://management.core.windows.net',
  'https://management.core.windows.net/',
];

/** Audiences of tokens for Azure AI services. */
export const COGNITIVE_AUDIENCES = ['https://cognitiveservices.azure.com', 'https://cognitiveservices.azure.com/'];

/** Permission to call an online endpoint. As Azure ML's docs name it. */
export const SCORE_ACTION = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action';

/**
 * Resources that the tenant knows, and what the workload's application may do there. In Azure a role assignment is looked up at the
 * resource; here it travels in the token's `roles`, so that Entra and the endpoints share nothing but the signing key.
 */
const GRANTS: Readonly<Record<string, readonly string[]>> = {
  [ML_AUDIENCE]: [SCORE_ACTION],
  'https://cognitiveservices.azure.com': [],
  'https://graph.microsoft.com': [],
  'https://management.azure.com': [],
  'https://management.core.windows.net': [],
  'https://storage.azure.com': [],
  'https://vault.azure.net': [],
};

/** @returns undefined for a resource that the tenant does not know; a trailing slash makes no difference */
export const rolesAt = (resource: string): readonly string[] | undefined => {
  const name = resource.replace(/\/$/, '');
  return Object.hasOwn(GRANTS, name) ? GRANTS[name] : undefined;
};
