using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>An access token of this server that has not expired. Only its grant shows whether it was revoked.</summary>
/// <param name="claims">The claims of the token: RFC 9068 §2.2.</param>
/// <param name="reference">The address of its record, if it is a reference token.</param>
public sealed class AccessToken(JsonObject claims, RecordAddress? reference)
{
    public JsonObject Claims => claims;

    public RecordAddress? Reference => reference;

    public string Subject => (string)claims["sub"]!;

    public DateTimeOffset ExpiresAt => DateTimeOffset.FromUnixTimeSeconds((long)claims["exp"]!);

    public string ClientId => (string)claims["client_id"]!;

    public IReadOnlyList<string> Scopes => Catalog.Parse((string?)claims["scope"]);

    public IReadOnlyList<string> Audience => claims["aud"] is JsonArray several ? [.. several.Select(name => (string)name!)] : [(string)claims["aud"]!];

    /// <summary>RFC 9396 §9.</summary>
    public AuthorizationDetails Details => AuthorizationDetails.Stored(claims[Parameter.AuthorizationDetails]?.ToJsonString());

    /// <summary>The proof that is required with each use.</summary>
    public TokenBinding Binding => TokenBinding.Of(claims);

    /// <summary>Null for a token that a client got for itself.</summary>
    public RecordAddress? Grant => TokenId.GrantOf((string?)claims["jti"]);

    public static AccessToken Parse(ReadOnlySpan<byte> json, RecordAddress? reference) => new(JsonSerializer.Deserialize<JsonObject>(json)!, reference);
}
