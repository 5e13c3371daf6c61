using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>Rules for a client's authorization requests and for the subject of their responses: OpenID Connect Registration §2, RFC 9101 §10.5.</summary>
internal static class ClientRequestRules
{
    public static IEnumerable<ClientProblem> ProblemsOf(Client client) => [.. ResponseTypesOf(client), .. RequestObjects(client), .. Subject(client), .. Description(client)];

    private static IEnumerable<ClientProblem> ResponseTypesOf(Client client)
    {
        foreach (var (index, type) in client.ResponseTypes.Index())
        {
            if (ResponseTypeNames.Normalize(type) is not { } normal)
                yield return new($"response_types[{index}]", ClientRules.OneOf(ResponseTypeNames.All));
            // OpenID Connect Registration §2: the response types must fit the grant types.
            else if (ResponseTypeNames.IsLegacy(normal) && !client.MayUse(GrantTypeNames.Implicit))
                yield return new($"response_types[{index}]", "returns tokens through the browser, so grant_types must include implicit");
            else if (ResponseTypeNames.IsLegacy(normal) && ResponseTypeNames.Has(normal, Parameter.Code) && !client.MayUse(GrantTypeNames.AuthorizationCode))
                yield return new($"response_types[{index}]", "includes code, so grant_types must include authorization_code");
        }
        // RFC 9449 §5: a token that is returned through the browser cannot be bound to a key.
        if (client.DpopBoundAccessTokens && client.ResponseTypes.Any(type => ResponseTypeNames.Has(type, Parameter.Token)))
            yield return new("dpop_bound_access_tokens", "can't be used with a response type that includes token");
        if (client.MayUse(GrantTypeNames.Implicit) && !client.ResponseTypes.Any(ResponseTypeNames.IsLegacy))
            yield return new("response_types", "must include one that returns tokens through the browser, because grant_types has implicit");
    }

    private static IEnumerable<ClientProblem> RequestObjects(Client client)
    {
        var hasKeys = client.Jwks is not null || client.JwksUri is not null;
        if (client.RequestObjectSigningAlg is { } algorithm && !SigningAlgorithms.All.Contains(algorithm))
            yield return new("request_object_signing_alg", ClientRules.OneOf(SigningAlgorithms.All));
        else if ((client.RequestObjectSigningAlg is not null || client.RequireSignedRequestObject) && !hasKeys)
            yield return new("jwks", "or jwks_uri is required, because the client signs its requests");
        foreach (var problem in ClientRules.EachOf("request_uris", client.RequestUris, url => ClientRules.IsClientUrl(url) ? null : "must be an absolute https URL without a user"))
            yield return problem;
    }

    /// <summary>OpenID Connect Core §8.1: clients of one sector see the same subject, so the sector must be known.</summary>
    private static IEnumerable<ClientProblem> Subject(Client client)
    {
        if (!SubjectTypes.All.Contains(client.SubjectType))
            yield return new("subject_type", ClientRules.OneOf(SubjectTypes.All));
        if (client.SectorIdentifierUri is { } url && !ClientRules.IsClientUrl(url))
            yield return new("sector_identifier_uri", "must be an absolute https URL without a user");
        else if (client is { IsPairwise: true, SectorIdentifierUri: null } && client.RedirectUris.Select(HostOf).Distinct().Count() != 1)
            yield return new("sector_identifier_uri", "is required with subject_type pairwise, unless all redirect_uris have one host");
    }

    private static IEnumerable<ClientProblem> Description(Client client)
    {
        if (!ApplicationTypes.All.Contains(client.ApplicationType))
            yield return new("application_type", ClientRules.OneOf(ApplicationTypes.All));
        if (client.RequiredAcr is { } acr && AuthenticationContexts.LevelOf(acr) is null)
            yield return new("required_acr", ClientRules.OneOf(AuthenticationContexts.All));
        foreach (var problem in ClientRules.EachOf("default_acr_values", client.DefaultAcrValues, value => value.Length > 0 && !value.Contains(' ', StringComparison.Ordinal) ? null : "must be one value without spaces"))
            yield return problem;
    }

    private static string HostOf(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) ? parsed.Host : "";
}
