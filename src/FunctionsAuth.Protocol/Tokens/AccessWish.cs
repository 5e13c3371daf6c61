namespace FunctionsAuth.Protocol.Tokens;

/// <summary>The scopes, resources and details that a token request asks for in its access token.</summary>
/// <param name="Scope">RFC 6749 §6; null: all scopes.</param>
/// <param name="Resources">RFC 8707 §2.2; empty: all APIs.</param>
/// <param name="Details">The <c>authorization_details</c> (RFC 9396 §6); null: all of them.</param>
public sealed record AccessWish(string? Scope, IReadOnlyList<string> Resources, string? Details)
{
    public static AccessWish Everything { get; } = new(null, [], null);
}
