using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>Decides which authorization details a client gets, and for which API: RFC 9396.</summary>
public static class DetailsPolicy
{
    /// <summary>What a request asks for: each element is of a type that the client may have, and is as the type wants it (RFC 9396 §5).</summary>
    /// <param name="text">The parameter; null for none.</param>
    /// <exception cref="OAuthException"><c>invalid_authorization_details</c>.</exception>
    public static AuthorizationDetails Read(Client client, Catalog catalog, string? text)
    {
        if (text is null)
            return AuthorizationDetails.None;
        var details = AuthorizationDetails.Parse(text);
        foreach (var (index, detail) in details.Index())
        {
            if (ProblemOf(client, catalog, detail, $"authorization_details[{index}]") is { } problem)
                throw OAuthError.InvalidAuthorizationDetails(problem);
        }
        return details;
    }

    /// <summary>What of it is still good: the operator may have taken a type from the client since, or made it stricter.</summary>
    public static AuthorizationDetails StillGood(Client client, Catalog catalog, AuthorizationDetails granted) => granted.Count == 0 ? granted :
        granted.Where(detail => ProblemOf(client, catalog, detail, "") is null);

    /// <summary>RFC 9396 §6.1: a token request gets what it names of what was granted; all of it when it names nothing.</summary>
    /// <exception cref="OAuthException"><c>invalid_authorization_details</c>: an element is not one of the granted.</exception>
    public static AuthorizationDetails Narrow(AuthorizationDetails granted, string? text)
    {
        if (text is null)
            return granted;
        var wanted = AuthorizationDetails.Parse(text);
        return wanted.All(granted.Contains) ? wanted : throw OAuthError.InvalidAuthorizationDetails("The authorization_details contain an element that the user did not grant");
    }

    /// <summary>The APIs for which the elements are.</summary>
    public static IEnumerable<string> OwnersOf(Catalog catalog, AuthorizationDetails details) => details.SelectMany(detail => OwnersOf(catalog, detail)).Distinct();

    /// <summary>RFC 9396 §9.1: what a token for <paramref name="audience"/> has of it. An element that names no API, and whose type does not either, is for any.</summary>
    public static AuthorizationDetails For(Catalog catalog, AuthorizationDetails details, IReadOnlyCollection<string> audience) => details.Count == 0 ? details :
        details.Where(detail => OwnersOf(catalog, detail) is var owners && (owners.Count == 0 || owners.Any(audience.Contains)));

    /// <summary>One of the elements is of a type of which a person is asked each time.</summary>
    public static bool AlwaysAsks(Catalog catalog, AuthorizationDetails details) => details.Count > 0 && details.Any(detail => catalog.FindDetailsType(detail.Type)?.AlwaysAsk == true);

    private static IReadOnlyList<string> OwnersOf(Catalog catalog, AuthorizationDetail detail) =>
        catalog.FindDetailsType(detail.Type)?.Resource is { } owner ? [owner] : [.. detail.NamedLocations.Select(catalog.Registered)];

    private static string? ProblemOf(Client client, Catalog catalog, AuthorizationDetail detail, string path)
    {
        if (catalog.FindDetailsType(detail.Type) is not { Form: { } form } type)
            return $"{path} has an unknown type";
        if (!client.AuthorizationDetailsTypes.Contains(detail.Type))
            return $"{path} has a type that the client may not ask for";
        return form.ProblemOf(detail, path) ?? ProblemOfLocations(client, catalog, type, detail, path);
    }

    /// <summary>They are for APIs that the client may ask for, and for none but the type's own if it has one.</summary>
    private static string? ProblemOfLocations(Client client, Catalog catalog, AuthorizationDetailsType type, AuthorizationDetail detail, string path)
    {
        var resources = detail.NamedLocations.Select(catalog.Registered);
        var fit = type.Resource is { } owner ? resources.All(name => name == owner) : resources.All(name => AccessPolicy.MayAskFor(client, catalog, name));
        return fit ? null : $"{path}.{AuthorizationDetail.Locations} has a resource that is unknown, not for this client or not that of the type";
    }
}
