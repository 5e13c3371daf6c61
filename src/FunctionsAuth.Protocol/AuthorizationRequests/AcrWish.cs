using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>The authentication level that a client asks for: <c>acr_values</c> and <c>claims</c> (OpenID Connect Core §3.1.2.1 and §5.5.1.1).</summary>
/// <param name="Values">The values that this server knows, the preferred one first.</param>
/// <param name="IsEssential">If the login reaches none of the values, the client wants an error.</param>
public sealed record AcrWish(IReadOnlyList<string> Values, bool IsEssential)
{
    public static AcrWish None { get; } = new([], false);

    public IEnumerable<AuthenticationLevel> Levels => Values.Select(AuthenticationContexts.LevelOf).OfType<AuthenticationLevel>();

    /// <summary>Whether a login of this level satisfies the request: it reaches the level that the client asks for, or one of the essential values.</summary>
    public bool IsFulfilledBy(AuthenticationLevel level) => Levels.All(wished => level >= wished) || (IsEssential && Levels.Any(wished => level >= wished));

    public static AcrWish Of(Client client, string? acrValues, ClaimsRequest? claims)
    {
        if (claims?.EssentialAcrs is { Count: > 0 } essential)
            return new AcrWish(Known(essential), IsEssential: true);
        var wished = acrValues?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? client.DefaultAcrValues;
        return wished.Count == 0 && claims?.WishedAcrs is not { Count: > 0 } ? None : new AcrWish(Known(wished.Concat(claims?.WishedAcrs ?? [])), IsEssential: false);
    }

    /// <summary>
    /// The value that the client uses for a login of this level, if it is not the server's own name; null if it is. An essential request is answered
    /// with one of its own values (OpenID Connect Core §5.5.1.1), so a login above all of them gets the highest one.
    /// </summary>
    public string? OtherNameOf(AuthenticationLevel level)
    {
        var name = Values.FirstOrDefault(value => AuthenticationContexts.LevelOf(value) == level)
            ?? (IsEssential ? Values.Where(value => AuthenticationContexts.LevelOf(value) < level).MaxBy(value => AuthenticationContexts.LevelOf(value)) : null);
        return name == AuthenticationContexts.NameOf(level) ? null : name;
    }

    private static List<string> Known(IEnumerable<string> values) => [.. values.Where(value => AuthenticationContexts.LevelOf(value) is not null).Distinct()];
}
