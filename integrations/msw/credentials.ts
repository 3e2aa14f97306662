/** What a workload signs in with at each cloud, by the names that the cloud's own SDKs have for the parts. */
export interface CloudCredentials {
  /** As `credentials` of the SDK's clients. */
  readonly aws: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** A service account's key file, as `credentials` of Google's clients and of `GoogleAuth`. */
  readonly google: {
    readonly type: 'service_account';
    readonly project_id: string;
    readonly private_key_id: string;
    /** PKCS #8, PEM. */
    readonly private_key: string;
    readonly client_email: string;
    readonly client_id: string;
    readonly token_uri: string;
    readonly universe_domain: string;
    /** The API key of the project, for services that take one, such as Cloud Vision. */
    readonly apiKey: string;
    /** As `project_id`, by the name of the clients' option. */
    readonly projectId: string;
    /** As `client_email`. */
    readonly clientEmail: string;
    /** As `private_key_id`. */
    readonly privateKeyId: string;
    /** As `private_key`. */
    readonly privateKeyPem: string;
  };
  /** `new ClientSecretCredential(tenantId, clientId, clientSecret)`, or a key in `AzureKeyCredential`. */
  readonly azure: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly subscriptionId: string;
    readonly resourceGroup: string;
    /** Key of the online endpoint. */
    readonly endpointKey: string;
    /** `Ocp-Apim-Subscription-Key` of the AI services. */
    readonly subscriptionKey: string;
  };
  /** As the options of `IamAuthenticator`. */
  readonly ibm: { readonly apikey: string };
  /** `new SimpleAuthenticationDetailsProvider(tenancy, user, fingerprint, privateKey, null)`. */
  readonly oracle: {
    /** OCID. */
    readonly tenancy: string;
    /** OCID. */
    readonly user: string;
    readonly fingerprint: string;
    /** PKCS #8, PEM. */
    readonly privateKey: string;
  };
  /** `new InferenceClient(accessToken)`, or as the options of the Hub's functions. */
  readonly huggingface: { readonly accessToken: string };
}
