using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>How surely a client wants its user to have signed in: <c>acr_values</c> and <c>claims</c> (OpenID Connect Core §3.1.2.1 and §5.5.1.1).</summary>
/// <param name="Values">Those that this server knows, the preferred one first.</param>
/// <param name="IsEssential">Without one of them the client wants no answer but an error.</param>
public sealed record AcrWish(IReadOnlyList<string> Values, bool IsEssential)
{
    public static AcrWish None { get; } = new([], false);

    public IEnumerable<AuthenticationLevel> Levels => Values.Select(AuthenticationContexts.LevelOf).OfType<AuthenticationLevel>();

    /// <summary>A login of that level is all that the client wishes, or one of what it can't do without.</summary>
    public bool IsFulfilledBy(AuthenticationLevel level) => Levels.All(wished => level >= wished) || (IsEssential && Levels.Any(wished => level >= wished));

    public static AcrWish Of(Client client, string? acrValues, ClaimsRequest? claims)
    {
        if (claims?.EssentialAcrs is { Count: > 0 } essential)
            return new AcrWish(Known(essential), IsEssential: true);
        var wished = acrValues?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? client.DefaultAcrValues;
        return wished.Count == 0 && claims?.WishedAcrs is not { Count: > 0 } ? None : new AcrWish(Known(wished.Concat(claims?.WishedAcrs ?? [])), IsEssential: false);
    }

    /// <summary>
    /// What the client calls a login of that level, where it is not the server's own name; null where it is. An essential wish is answered by one of
    /// its values (OpenID Connect Core §5.5.1.1), so a login that is surer than all of them gets the highest.
    /// </summary>
    public string? OtherNameOf(AuthenticationLevel level)
    {
        var name = Values.FirstOrDefault(value => AuthenticationContexts.LevelOf(value) == level)
            ?? (IsEssential ? Values.Where(value => AuthenticationContexts.LevelOf(value) < level).MaxBy(value => AuthenticationContexts.LevelOf(value)) : null);
        return name == AuthenticationContexts.NameOf(level) ? null : name;
    }

    private static List<string> Known(IEnumerable<string> values) => [.. values.Where(value => AuthenticationContexts.LevelOf(value) is not null).Distinct()];
}
