using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Party;

/// <summary>A JWT whose signature and claims have been checked.</summary>
public sealed record CheckedJwt(string Raw, JsonObject Header, JsonObject Claims)
{
    public string Subject => Claims["sub"]!.GetValue<string>();

    /// <summary>Seconds since 1970; null when it is not there.</summary>
    public long? AuthTime => Claims["auth_time"]?.GetValue<long>();

    public string? this[string claim] => Claims[claim]?.ToString();

    public static CheckedJwt Read(string raw)
    {
        Assert.Matches(@"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\z", raw);
        var parts = raw.Split('.');
        return new CheckedJwt(raw, Decode(parts[0]), Decode(parts[1]));
    }

    private static JsonObject Decode(string part) => Answer.JsonObjectOf(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(part)));
}

/// <summary>All that a client has after a person signed in.</summary>
/// <param name="Response">The parameters of the authorization response.</param>
/// <param name="Front">The ID token of the authorization response.</param>
/// <param name="Back">The ID token of the token endpoint.</param>
/// <param name="TokenAnswer">Of the token endpoint.</param>
/// <param name="Userinfo">Of the last access token.</param>
public sealed record Login(
    AuthorizationParameters Request,
    IReadOnlyDictionary<string, string> Response,
    CheckedJwt? Front,
    CheckedJwt? Back,
    JsonObject? TokenAnswer,
    JsonObject? Userinfo)
{
    public CheckedJwt IdToken => Back ?? Front ?? throw new InvalidOperationException("There is no ID token.");

    public string Code => Response["code"];

    public string AccessToken =>
        TokenAnswer?["access_token"]?.GetValue<string>() ?? Response.GetValueOrDefault("access_token") ?? throw new InvalidOperationException("There is no access token.");

    public string? RefreshToken => TokenAnswer?["refresh_token"]?.GetValue<string>();
}
