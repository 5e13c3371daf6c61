using System.Buffers;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Scopes;

/// <summary>All scopes, resources and types of authorization details of the server at one moment.</summary>
public sealed class Catalog(IEnumerable<Scope> scopes, IEnumerable<Resource> resources, IEnumerable<AuthorizationDetailsType>? detailsTypes = null)
{
    private readonly Dictionary<string, Scope> scopes = BuiltIn.Concat(scopes.Where(scope => !IsBuiltIn(scope.Name))).ToDictionary(scope => scope.Name);
    private readonly Dictionary<string, Resource> resources = resources.ToDictionary(resource => resource.Identifier);
    private readonly Dictionary<string, AuthorizationDetailsType> detailsTypes = (detailsTypes ?? []).ToDictionary(type => type.Type);
    private readonly ILookup<string, Resource> owners =
        resources.SelectMany(resource => resource.Scopes.Distinct().Select(scope => (scope, resource))).ToLookup(pair => pair.scope, pair => pair.resource);

    private readonly ILookup<string, string> spellings = resources.Select(resource => resource.Identifier).ToLookup(ResourceName.Normalize);

    private static readonly SearchValues<char> Allowed = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c is not ('"' or '\\'))]);

    private static IEnumerable<Scope> BuiltIn => StandardScopes.All.Concat(ManageScopes.All);

    /// <summary>A scope that no operator defines. A row of an earlier release that has its name does not count.</summary>
    public static bool IsBuiltIn(string name) => StandardScopes.Contains(name) || ManageScopes.Contains(name);

    public IReadOnlyCollection<Scope> Scopes => scopes.Values;

    public IReadOnlyCollection<Resource> Resources => resources.Values;

    public IReadOnlyCollection<AuthorizationDetailsType> DetailsTypes => detailsTypes.Values;

    public Scope? FindScope(string name) => scopes.GetValueOrDefault(name);

    public Resource? FindResource(string identifier) => resources.GetValueOrDefault(identifier);

    public AuthorizationDetailsType? FindDetailsType(string type) => detailsTypes.GetValueOrDefault(type);

    /// <summary>What people read for a scope: its name where it has nothing better, or is none of the catalog.</summary>
    public Phrase ShownScope(string name)
    {
        var scope = FindScope(name);
        return Phrase.Named(scope?.DisplayName ?? name, LocalTexts.Of(scope?.Localized, "display_name"));
    }

    /// <summary>The APIs among resources, as people know them. Userinfo is none: its scopes say what it tells.</summary>
    public IEnumerable<Phrase> ShownResources(IEnumerable<string> identifiers) => identifiers.Where(resources.ContainsKey).Select(ShownResource);

    private Phrase ShownResource(string identifier)
    {
        var resource = FindResource(identifier);
        return Phrase.Named(resource?.DisplayName ?? identifier, LocalTexts.Of(resource?.Localized, "display_name"));
    }

    /// <summary>The same for a type of authorization details.</summary>
    public Phrase ShownDetailsType(string type) => FindDetailsType(type)?.ShownTitle ?? Phrase.Named(type);

    /// <summary>A resource as it is registered, whatever spelling a request has of it; a text that names none as it stands.</summary>
    public string Registered(string name) => resources.ContainsKey(name) ? name : spellings[ResourceName.Normalize(name)].FirstOrDefault() ?? name;

    /// <summary>The same catalog with an API of the server's own in it, in the place of any that is registered under that identifier.</summary>
    public Catalog With(Resource own) => new(
        scopes.Values.Where(scope => !IsBuiltIn(scope.Name)), [.. resources.Values.Where(resource => ResourceName.Normalize(resource.Identifier) != ResourceName.Normalize(own.Identifier)), own], detailsTypes.Values);

    /// <summary>The APIs that understand a scope.</summary>
    public IEnumerable<Resource> OwnersOf(string scope) => owners[scope];

    /// <summary>True when a token for <paramref name="audience"/> may carry the scope: one of them owns it, or nobody does.</summary>
    public bool IsFor(string scope, IReadOnlyCollection<string> audience, string issuer)
    {
        if (scope == StandardScopes.OfflineAccess)
            return true;
        if (StandardScopes.Contains(scope))
            return audience.Contains(issuer);
        var owned = false;
        foreach (var owner in OwnersOf(scope))
        {
            if (audience.Contains(owner.Identifier))
                return true;
            owned = true;
        }
        return !owned;
    }

    /// <summary>Splits a <c>scope</c> parameter and checks its characters (RFC 6749 §3.3): visible ASCII without quote and backslash.</summary>
    public static IReadOnlyList<string> Parse(string? scope)
    {
        if (string.IsNullOrEmpty(scope))
            return [];
        if (scope.AsSpan().ContainsAnyExcept(Allowed))
            throw OAuthError.InvalidScope("The scope has a character that no scope may have");
        if (!scope.Contains(' ', StringComparison.Ordinal))
            return [scope];
        return [.. scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct()];
    }
}
