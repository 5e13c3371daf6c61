using FunctionsAuth.Protocol.Clients;

namespace FunctionsAuth.Protocol.Profiles;

/// <summary>The requirements of FAPI 2.0 for an authorization server, clause by clause: Security Profile 5.3.2 and 5.4.1, and Message Signing 5.3 to 5.5.</summary>
public static class FapiClauses
{
    private static readonly FapiClause[] All =
    [
        Security("5.3.2.1-1", "Clients find the server by its metadata document.", FapiKeeper.Server),
        Registered("5.3.2.1-2", "The client can't use the password grant.", WithoutPassword),
        Registered("5.3.2.1-3", "The client is confidential.", Confidential),
        Security("5.3.2.1-4", "Every access token is bound to a key of the client.", FapiKeeper.Profile),
        Security("5.3.2.1-5", "Access tokens are bound to a certificate, or by DPoP.", FapiKeeper.Profile),
        Registered("5.3.2.1-6", "The client authenticates with private_key_jwt or a certificate.", StrongAuthentication),
        Security("5.3.2.1-7", "The server redirects to registered addresses only.", FapiKeeper.Server),
        Security("5.3.2.1-8", "The audience of the client's assertions is the issuer, as one string.", FapiKeeper.Profile),
        Security("5.3.2.1-9", "Refresh tokens do not rotate.", FapiKeeper.Profile),
        Security("5.3.2.1-10", "The server can demand nonces of its own in DPoP proofs.", FapiKeeper.Server),
        Security("5.3.2.1-11", "A code is good for 60 seconds at most.", FapiKeeper.Profile),
        Security("5.3.2.1-12", "A code can be bound to the client's DPoP key.", FapiKeeper.Server),
        Security("5.3.2.1-13", "A JWT may be from up to a minute in the future, and not from later.", FapiKeeper.Server),
        Registered("5.3.2.2-1", "The only response type is code.", CodeOnly),
        Security("5.3.2.2-2", "Requests are pushed by an authenticated client.", FapiKeeper.Profile),
        Security("5.3.2.2-3", "Requests that were not pushed are refused.", FapiKeeper.Profile),
        Security("5.3.2.2-4", "Requests that an unauthenticated client pushes are refused.", FapiKeeper.Server),
        Security("5.3.2.2-5", "PKCE with S256 is required.", FapiKeeper.Profile),
        Security("5.3.2.2-6", "The pushed request must have a redirect_uri.", FapiKeeper.Profile),
        Security("5.3.2.2-7", "Every authorization response has the issuer.", FapiKeeper.Server),
        Registered("5.3.2.2-8", "Responses go to https addresses, or to a loopback address of a native app.", EncryptedRedirects),
        Security("5.3.2.2-9", "A code is good once.", FapiKeeper.Server),
        Security("5.3.2.2-10", "No redirect has status 307.", FapiKeeper.Server),
        Security("5.3.2.2-11", "Redirects have status 303.", FapiKeeper.Server),
        Security("5.3.2.2-12", "A pushed request is good for less than 600 seconds.", FapiKeeper.Profile),
        Security("5.3.2.2-13", "The consent page tells who the client is and what it asks for.", FapiKeeper.Server),
        Security("5.3.2.2-14", "A nonce may have 64 characters and more.", FapiKeeper.Server),
        Registered("5.4.1-1", "Everything is signed with PS256 or ES256.", StrongAlgorithms),
        Security("5.4.1-2", "RSA keys have at least 2048 bits.", FapiKeeper.Server),
        Security("5.4.1-3", "EC keys are on P-256.", FapiKeeper.Server),
        Security("5.4.1-4", "Codes, tokens and handles have at least 128 random bits.", FapiKeeper.Server),
        Messages("5.3.1-1", "Pushed requests are signed, and the client has a key for that.", FapiKeeper.Registration) with { ProblemsOf = KeysForRequests },
        Messages("5.3.1-2", "The audience of signed requests is the issuer.", FapiKeeper.Profile),
        Messages("5.3.1-3", "Signed requests have an nbf that is at most 60 minutes old.", FapiKeeper.Profile),
        Messages("5.3.1-4", "Signed requests end at most 60 minutes after their nbf.", FapiKeeper.Profile),
        Messages("5.3.1-5", "Signed requests may have the typ oauth-authz-req+jwt.", FapiKeeper.Server),
        Messages("5.4.1-1", "Authorization responses are signed.", FapiKeeper.Profile),
        Messages("5.5.1-1", "APIs can have signed introspection answers.", FapiKeeper.Server),
    ];

    /// <summary>The clauses of a profile. Message Signing has those of the security profile, too.</summary>
    public static IEnumerable<FapiClause> Of(string profile) => All.Where(clause => clause.Document == ProfileNames.Fapi2Security || clause.Document == profile);

    /// <summary>The problems in the registration of a client with its profile, each with its clause; none without a profile.</summary>
    public static IEnumerable<ClientProblem> ProblemsOf(Client client, string? profile) => profile is null || !ProfileNames.All.Contains(profile)
        ? []
        : from clause in Of(profile)
          from problem in clause.ProblemsOf(client)
          select problem with { Problem = $"{problem.Problem} ({NameOf(clause.Document)} {clause.Number})" };

    /// <summary>The title of the document.</summary>
    public static string NameOf(string profile) => profile == ProfileNames.Fapi2MessageSigning ? "FAPI 2.0 Message Signing" : "FAPI 2.0 Security Profile";

    private static FapiClause Security(string number, string demand, FapiKeeper keeper) => new(ProfileNames.Fapi2Security, number, demand, keeper);

    private static FapiClause Messages(string number, string demand, FapiKeeper keeper) => new(ProfileNames.Fapi2MessageSigning, number, demand, keeper);

    private static FapiClause Registered(string number, string demand, Func<Client, IEnumerable<ClientProblem>> problemsOf) =>
        Security(number, demand, FapiKeeper.Registration) with { ProblemsOf = problemsOf };

    private static IEnumerable<ClientProblem> WithoutPassword(Client client) =>
        client.MayUse(GrantTypeNames.Password) ? [new("grant_types", "must not have password")] : [];

    private static IEnumerable<ClientProblem> Confidential(Client client) =>
        client.IsPublic ? [new("token_endpoint_auth_method", "must not be none")] : [];

    private static IEnumerable<ClientProblem> StrongAuthentication(Client client) =>
        client.IsPublic || AuthMethods.OfFapi.Contains(client.TokenEndpointAuthMethod) ? [] : [new("token_endpoint_auth_method", $"must be {string.Join(" or ", AuthMethods.OfFapi)}")];

    private static IEnumerable<ClientProblem> CodeOnly(Client client)
    {
        if (client.ResponseTypes.Any(ResponseTypeNames.IsLegacy))
            yield return new("response_types", "must have code only");
        if (client.MayUse(GrantTypeNames.Implicit))
            yield return new("grant_types", "must not have implicit");
    }

    private static IEnumerable<ClientProblem> EncryptedRedirects(Client client) =>
        from entry in client.RedirectUris.Index()
        where entry.Item.StartsWith("http:", StringComparison.OrdinalIgnoreCase) && client.ApplicationType != ApplicationTypes.Native
        select new ClientProblem($"redirect_uris[{entry.Index}]", "must be https; http on a loopback address is for application_type native");

    /// <summary>RS256 is the default algorithm of ID tokens, so the profile replaces it by another one.</summary>
    private static IEnumerable<ClientProblem> StrongAlgorithms(Client client) =>
        from entry in new (string Member, string? Algorithm)[]
        {
            ("token_endpoint_auth_signing_alg", client.TokenEndpointAuthSigningAlg), ("request_object_signing_alg", client.RequestObjectSigningAlg),
            ("userinfo_signed_response_alg", client.UserinfoSignedResponseAlg), ("authorization_signed_response_alg", client.AuthorizationSignedResponseAlg), ("introspection_signed_response_alg", client.IntrospectionSignedResponseAlg),
        }
        where entry.Algorithm is not null && !SigningAlgorithms.OfFapi.Contains(entry.Algorithm)
        select new ClientProblem(entry.Member, $"must be {string.Join(" or ", SigningAlgorithms.OfFapi)}");

    private static IEnumerable<ClientProblem> KeysForRequests(Client client) =>
        client.RedirectUris.Count > 0 && client.Jwks is null && client.JwksUri is null ? [new("jwks", "or jwks_uri is required, because requests must be signed")] : [];
}
