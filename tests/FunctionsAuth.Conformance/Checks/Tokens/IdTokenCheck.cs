using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Conformance.Checks.Tokens;

/// <summary>X-IDT: every ID token, wherever it comes from.</summary>
internal static class IdTokenCheck
{
    private const long Skew = 5 * 60;
    private const long Year = 31_536_000;

    private static readonly JsonWebTokenHandler Handler = new();

    private static readonly string[] Protocol =
        ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "nbf", "jti", "sid", "txn"];

    /// <param name="code">That came with it; null for an ID token of the token endpoint.</param>
    /// <param name="accessToken">That came with it; the same.</param>
    public static async Task<CheckedJwt> VerifyAsync(
        Provider provider, SuiteClient client, string raw, AuthorizationParameters request, string? code, string? accessToken)
    {
        var token = CheckedJwt.Read(raw);
        await SignatureAsync(provider, client, token);
        Times(token.Claims);
        Assert.Equal(request.Nonce, token["nonce"]);
        Assert.Matches(@"^[\x21-\x7E]{1,255}\z", token.Subject);
        Hash(token, "c_hash", code);
        Hash(token, "at_hash", accessToken);
        Names(token, request, carriesScopes: request.ResponseType == "id_token");
        return token;
    }

    /// <summary>Hybrid: the ID token of the token endpoint tells of the same login (OpenID Connect Core §3.3.3.6).</summary>
    public static void SameLogin(CheckedJwt? front, CheckedJwt back)
    {
        if (front is not null)
            Assert.Equal((front["iss"], front["sub"], front["auth_time"], front["sid"]), (back["iss"], back["sub"], back["auth_time"], back["sid"]));
    }

    /// <summary>By the very key of the JWKS that the header names.</summary>
    public static async Task SignatureAsync(Provider provider, SuiteClient client, CheckedJwt token)
    {
        var kid = token.Header["kid"]!.GetValue<string>();
        var algorithm = token.Header["alg"]!.GetValue<string>();
        var key = Assert.Single(provider.Keys.Keys, one => one.Kid == kid);
        Assert.True(key.Use is null or "sig", $"The key {kid} is not for signatures");
        Assert.True(key.Alg is null || key.Alg == algorithm, $"The key {kid} is for {key.Alg}, and the token has {algorithm}");
        var result = await Handler.ValidateTokenAsync(token.Raw, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = client.Id,
            ValidAlgorithms = ["RS256", "PS256", "ES256"],
            IssuerSigningKey = key,
            ClockSkew = TimeSpan.FromSeconds(Skew),
            RequireExpirationTime = true,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        // The library takes one that ends in a slash for the same.
        Assert.Equal(provider.Issuer, token["iss"]);
    }

    private static void Times(JsonObject claims)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(Seconds("exp"), now - Skew, now + (50 * Year));
        Assert.InRange(Seconds("iat"), now - Skew, now + Skew);
        if (claims.ContainsKey("auth_time"))
            Assert.InRange(Seconds("auth_time"), now - Year, now + Skew);

        long Seconds(string name)
        {
            Assert.Equal(JsonValueKind.Number, claims[name]?.GetValueKind());
            return claims[name]!.GetValue<long>();
        }
    }

    /// <summary>Required beside what it covers, and right if it is there.</summary>
    private static void Hash(CheckedJwt token, string name, string? value)
    {
        if (value is null)
            return;
        var half = SHA256.HashData(Encoding.ASCII.GetBytes(value)).AsSpan(0, 16);
        Assert.Equal(Base64Url.EncodeToString(half), token[name]);
    }

    /// <summary>Nobody learns from an ID token what he did not ask for.</summary>
    private static void Names(CheckedJwt token, AuthorizationParameters request, bool carriesScopes)
    {
        var scoped = carriesScopes ? StandardClaims.Of(request.Scopes) : [];
        Assert.Empty(token.Claims.Select(claim => claim.Key).Except([.. Protocol, .. scoped, .. request.IdTokenClaims]));
        Assert.Empty(((string[])[.. scoped, .. request.IdTokenClaims]).Except(token.Claims.Select(claim => claim.Key)));
        StandardClaims.ShouldBeWellFormed(token.Claims);
        if (token.Claims.ContainsKey("acr"))
            Assert.False(string.IsNullOrWhiteSpace(token.Claims["acr"]!.GetValue<string>()));
    }
}
